import type { ImportLine, ReorganisationPart } from '@lienthong/contracts/directory';
import { field, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import type { Establish, Part } from '../domain/command.ts';
import type { Reader } from './reader.ts';
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

const schemas = {
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
          message: 'changes nothing',
          params: { reason: 'FIELD_REQUIRED' },
        });
      }
      for (const [i, tag] of part.functionsEnded.entries()) {
        if (part.functionsAdded.includes(tag)) {
          const path = ['functionsEnded', i];
          const message = `"${tag}" is also added`;
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
        const message = 'exactly one successor is the main one';
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

export type PartKind = keyof typeof schemas;

/** The domain's part of a message; undefined when the reader found something wrong. */
export function readPart(
  reader: Reader,
  kind: PartKind,
  message: unknown,
  place: { index: number; field: string },
  effectiveOn: string,
): Part | undefined {
  switch (kind) {
    case 'establish': {
      const part = reader.read(schemas.establish, message, place.field);
      return part && established(part, place, effectiveOn, '');
    }
    case 'rename': {
      const part = reader.read(schemas.rename, message, place.field);
      return part && { kind, ...place, agency: part.agency, name: part.name, nameKind: part.kind };
    }
    case 'move': {
      const part = reader.read(schemas.move, message, place.field);
      return (
        part && { kind, ...place, agency: part.agency, parent: part.parent, tier: part.tier || undefined }
      );
    }
    case 'update': {
      const part = reader.read(schemas.update, message, place.field);
      return part && { kind, ...place, ...part };
    }
    case 'merge': {
      const part = reader.read(schemas.merge, message, place.field);
      return part && { kind, ...place, ...part };
    }
    case 'split': {
      const part = reader.read(schemas.split, message, place.field);
      return part && { kind, ...place, ...part };
    }
    case 'end': {
      const part = reader.read(schemas.end, message, place.field);
      return part && { kind, ...place, ...part };
    }
  }
}

export function readParts(
  reader: Reader,
  messages: readonly ReorganisationPart[],
  effectiveOn: string,
): Part[] {
  return messages.flatMap(({ part }, index) => {
    if (part === undefined) {
      reader.violations.push({ field: `parts[${index}]`, description: 'is empty', reason: 'FIELD_REQUIRED' });
      return [];
    }
    const place = { index, field: `parts[${index}].${part.$case}` };
    return readPart(reader, part.$case, part.value, place, effectiveOn) ?? [];
  });
}

export function readLine(reader: Reader, message: ImportLine, index: number): Establish | undefined {
  const place = { index, field: `lines[${index}]` };
  const line = reader.read(importLine, message, place.field);
  return line && established(line, place, line.validFrom, line.validTo);
}

function established(
  { kind: nameKind, parent, ...part }: z.output<typeof schemas.establish>,
  place: { index: number; field: string },
  validFrom: string,
  validTo: string,
): Establish {
  return { ...part, kind: 'establish', ...place, id: uuidv7(), parent, nameKind, validFrom, validTo };
}
