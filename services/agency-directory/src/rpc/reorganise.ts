import { field, manyOf, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { authorityOf } from './authority.ts';
import { ADMINISTRATORS, command, Directory } from './deps.ts';
import { anyPart, toPart } from './parts.ts';
import { agencyRef, legalBasis, optionalFullName, optionalPosition, roles } from './schemas.ts';

const MAX_PARTS = 5000;
/** Parts are decided and written together: this many cost what one call does. */
const PARTS_PER_COST = 50;

const officerMove = z.object({
  officerId: field.uuid,
  agency: agencyRef,
  position: optionalPosition,
  roles,
});

const headAppointment = z
  .object({
    agency: agencyRef,
    officerId: field.optionalUuid,
    fullName: optionalFullName,
    position: optionalPosition,
    roles,
  })
  .superRefine(({ officerId, fullName, position }, context) => {
    const report = (path: string, message: string, reason: string) =>
      context.addIssue({ code: 'custom', message, params: { reason }, path: [path] });
    if ((officerId === '') === (fullName === ''))
      report('officerId', 'give either officer_id or full_name', 'FIELD_REQUIRED');
    else if (officerId === '' && position === '')
      report('position', 'must be set for a new officer', 'FIELD_REQUIRED');
  });

export const reorganise = command(Directory.reorganise, {
  policy: ADMINISTRATORS,
  maxBytes: 4 * 1024 * 1024,
  maxValues: 60_000,
  cost: ({ parts, officerMoves, heads }) =>
    1 + (parts.length + officerMoves.length + heads.length) / PARTS_PER_COST,
  request: z.object({
    effectiveOn: field.date,
    legalBasis,
    parts: manyOf(anyPart, MAX_PARTS).refine((parts) => parts.length > 0, {
      error: 'must hold at least one part',
      params: { reason: 'TOO_SMALL' },
    }),
    officerMoves: manyOf(officerMove, MAX_PARTS),
    heads: manyOf(headAppointment, MAX_PARTS),
  }),
  command: ({ effectiveOn, legalBasis, parts, officerMoves, heads }, context) => {
    const reorganisationId = uuidv7();
    return {
      kind: 'reorganise',
      authority: authorityOf(context),
      parts: parts.map((part, index) =>
        toPart(part, { index, field: `parts[${index}].${part.kind}` }, effectiveOn),
      ),
      officerMoves: officerMoves.map((move, i) => ({ ...move, field: `officer_moves[${i}]` })),
      heads: heads.map((head, i) => {
        const isNew = head.officerId === '';
        return { ...head, isNew, officerId: isNew ? uuidv7() : head.officerId, field: `heads[${i}]` };
      }),
      effectiveOn,
      legalBasis,
      reorganisationId,
      reply: ({ changes, keys, officers, headIds }) => {
        const ended = changes.filter(({ type }) => type === 'AgencyEnded');
        return {
          reorganisationId,
          established: Object.fromEntries(keys),
          successions: ended.flatMap(({ agency }) => agency.successors),
          ended: ended.length,
          officersMoved: officers.filter(({ type }) => type === 'OfficerMoved').length,
          headOfficerIds: headIds,
        };
      },
    };
  },
});
