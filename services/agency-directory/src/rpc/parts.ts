import type { ImportLine, ReorganisationPart } from '@lienthong/contracts/directory';
import { check, type FieldViolation, field, reportUnder, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import type { Establish, Part } from '../domain/command.ts';
import {
  agencyCodes,
  agencyRef,
  functionTags,
  key,
  name,
  nameKind,
  officeHours,
  optionalTier,
  tier,
} from './schemas.ts';

const required = 'is required';

const newAgency = {
  key,
  codes: agencyCodes.min(1, 'must hold at least one code'),
  name,
  kind: nameKind,
  tier,
  parent: agencyRef.optional(),
  functions: functionTags,
  officeHours,
};

const importLine = z.object(
  { ...newAgency, validFrom: field.optionalDate, validTo: field.optionalDate },
  required,
);

export const partSchemas = {
  establish: z.object(newAgency, required),
  rename: z.object({ agency: agencyRef, name, kind: nameKind }, required),
  move: z.object({ agency: agencyRef, parent: agencyRef.optional(), tier: optionalTier }, required),
  update: z
    .object(
      {
        agency: agencyRef,
        codes: agencyCodes,
        functionsAdded: functionTags,
        functionsEnded: functionTags,
        officeHours,
      },
      required,
    )
    .superRefine((part, context) => {
      const changes = part.codes.length + part.functionsAdded.length + part.functionsEnded.length;
      if (changes + part.officeHours.length === 0) {
        context.addIssue({
          code: 'custom',
          message: 'must change a code, a function or the office hours',
          params: { reason: 'FIELD_REQUIRED' },
        });
      }
      for (const [i, tag] of part.functionsEnded.entries()) {
        if (part.functionsAdded.includes(tag)) {
          const path = ['functionsEnded', i];
          const message = `"${tag}" is also in functions_added; name it in one of the two`;
          context.addIssue({ code: 'custom', message, params: { reason: 'FUNCTION_TWICE' }, path });
        }
      }
    }),
  merge: z.object(
    {
      predecessors: z.array(agencyRef).min(1, 'must name at least one agency').max(5000),
      successor: agencyRef,
    },
    required,
  ),
  split: z
    .object(
      {
        predecessor: agencyRef,
        successors: z
          .array(z.object({ agency: agencyRef, main: z.boolean(), functions: functionTags }))
          .min(2, 'must name at least two agencies')
          .max(100),
      },
      required,
    )
    .superRefine(({ successors }, context) => {
      if (successors.filter((successor) => successor.main).length !== 1) {
        const message = 'must have exactly one main successor';
        context.addIssue({
          code: 'custom',
          message,
          params: { reason: 'MAIN_SUCCESSOR' },
          path: ['successors'],
        });
      }
    }),
  end: z.object({ agency: agencyRef }, required),
};

export type PartKind = keyof typeof partSchemas;
export type ParsedPart = {
  [K in PartKind]: { kind: K; value: z.output<(typeof partSchemas)[K]> };
}[PartKind];
type Place = Pick<Part, 'index' | 'field'>;

/** The domain's part. */
export function toPart({ kind, value }: ParsedPart, place: Place, effectiveOn: string): Part {
  switch (kind) {
    case 'establish':
      return toEstablish(value, place, effectiveOn, '');
    case 'rename':
      return { kind, ...place, agency: value.agency, name: value.name, nameKind: value.kind };
    case 'move':
      return { kind, ...place, agency: value.agency, parent: value.parent, tier: value.tier || undefined };
    case 'update':
      return { kind, ...place, ...value };
    case 'merge':
      return { kind, ...place, ...value };
    case 'split':
      return { kind, ...place, ...value };
    case 'end':
      return { kind, ...place, ...value };
  }
}

/** One part of several; the fields of its violations stand under its kind, as in the proto. */
export const anyPart = z.custom<ReorganisationPart>().transform(({ part }, context): ParsedPart => {
  if (part === undefined) {
    context.addIssue({
      code: 'custom',
      message: 'must have a kind of change',
      params: { reason: 'FIELD_REQUIRED' },
    });
    return z.NEVER;
  }
  const kind = part.$case;
  const parsed = partSchemas[kind].safeParse(part.value);
  if (parsed.success) return { kind, value: parsed.data } as ParsedPart;
  reportUnder([kind], parsed.error, context);
  return z.NEVER;
});

/** The part that establishes the agency of an import line, or the line's violations. */
export function readLine(
  message: ImportLine,
  index: number,
): { ok: true; part: Establish } | { ok: false; violations: FieldViolation[] } {
  const place = { index, field: `lines[${index}]` };
  const line = check(importLine, message);
  if (line.ok)
    return { ok: true, part: toEstablish(line.value, place, line.value.validFrom, line.value.validTo) };
  const violations = line.violations.map((one) => ({
    ...one,
    field: one.field === '' ? place.field : `${place.field}.${one.field}`,
  }));
  return { ok: false, violations };
}

function toEstablish(
  { kind: nameKind, parent, ...part }: z.output<typeof partSchemas.establish>,
  place: Place,
  validFrom: string,
  validTo: string,
): Establish {
  return { ...part, kind: 'establish', ...place, id: uuidv7(), parent, nameKind, validFrom, validTo };
}
