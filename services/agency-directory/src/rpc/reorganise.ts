import { field, manyOf, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { ADMINISTRATORS, command, Directory } from './deps.ts';
import { anyPart, toPart } from './parts.ts';
import { legalBasis } from './schemas.ts';

const MAX_PARTS = 5000;
/** Parts are decided and written together: this many cost what one call does. */
const PARTS_PER_COST = 50;

export const reorganise = command(Directory.reorganise, {
  policy: ADMINISTRATORS,
  maxBytes: 4 * 1024 * 1024,
  cost: ({ parts }) => 1 + parts.length / PARTS_PER_COST,
  request: z.object({
    effectiveOn: field.date,
    legalBasis,
    parts: manyOf(anyPart, MAX_PARTS).min(1, 'must hold at least one part'),
  }),
  command: ({ effectiveOn, legalBasis, parts }) => {
    const reorganisationId = uuidv7();
    return {
      kind: 'reorganise',
      parts: parts.map((part, index) =>
        toPart(part, { index, field: `parts[${index}].${part.kind}` }, effectiveOn),
      ),
      effectiveOn,
      legalBasis,
      reorganisationId,
      reply: ({ changes, keys }) => {
        const ended = changes.filter(({ type }) => type === 'AgencyEnded');
        return {
          reorganisationId,
          established: Object.fromEntries(keys),
          successions: ended.flatMap(({ agency }) => agency.successors),
          ended: ended.length,
        };
      },
    };
  },
});
