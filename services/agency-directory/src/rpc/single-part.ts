import type { Agency, Succession } from '@lienthong/contracts/directory';
import { type Context, field } from '@lienthong/kit';
import { z } from 'zod';
import type { Command, Reorganisation } from '../domain/decide.ts';
import { authorityOf } from './authority.ts';
import { ADMINISTRATORS } from './deps.ts';
import { type ParsedPart, type PartKind, partSchemas, toPart } from './parts.ts';
import { legalBasis } from './schemas.ts';

const PLACE = { index: 0, field: 'part' };

/** What makes a method a reorganisation of one part. */
export function singlePart<P>(kind: PartKind, reply: (reorganisation: Reorganisation) => P) {
  return {
    policy: ADMINISTRATORS,
    maxBytes: 1024 * 1024,
    request: z.object({
      effectiveOn: kind === 'establish' ? field.optionalDate : field.date,
      legalBasis,
      part: partSchemas[kind] as z.ZodType<ParsedPart['value']>,
    }),
    command: ({ part, effectiveOn, legalBasis }: SinglePart, context: Context): Command => ({
      kind: 'reorganise',
      authority: authorityOf(context),
      parts: [toPart({ kind, value: part } as ParsedPart, PLACE, effectiveOn)],
      effectiveOn,
      legalBasis,
      reply,
    }),
  };
}

interface SinglePart {
  part: ParsedPart['value'];
  effectiveOn: string;
  legalBasis: string;
}

/** The agency the part was about, as it is after the change. */
export const agencyOf = ({ changes }: Reorganisation): { agency: Agency | undefined } => ({
  agency: changes.at(-1)?.agency,
});

export const successionsOf = ({ changes }: Reorganisation): { successions: Succession[] } => ({
  successions: changes.flatMap(({ agency }) => agency.successors),
});
