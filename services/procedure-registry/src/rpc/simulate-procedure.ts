import type { Definition } from '@lienthong/contracts/registry';
import { field, principalOf, vietnamDate } from '@lienthong/kit';
import { reachableFrom } from '@lienthong/reference-data';
import { z } from 'zod';
import { referencesOf } from '../domain/references.ts';
import { readReached } from '../store/reached.ts';
import type { Surroundings } from '../threads/simulations.ts';
import { type Deps, query, Registry } from './deps.ts';
import { WITH_DEFINITION } from './fields.ts';
import { definitionOfSubject, subjectFields } from './subject.ts';

const MAX_VOLUME = 1_000_000;

const request = z.intersection(
  z
    .object({
      intakeAgencyId: field.uuid,
      receivedAt: z.date().optional(),
      yearlyVolume: z.number().superRefine((volume, context) => {
        if (volume < 0 || volume > MAX_VOLUME)
          context.addIssue({
            code: 'custom',
            message: `must be between 0 (no load is computed) and ${MAX_VOLUME}`,
            params: { reason: 'VOLUME_INVALID' },
          });
      }),
      seed: z.bigint(),
      data: z.record(z.string(), field.text({ max: 1000 })),
    })
    .transform((fields) => ({ fields })),
  subjectFields.transform((subject) => ({ subject })),
);

export const simulateProcedure = query(Registry.simulateProcedure, {
  policy: 'authenticated',
  ...WITH_DEFINITION,
  request,
  handle: async ({ fields, subject }, context, deps) => {
    const { receivedAt = context.now, ...rest } = fields;
    const definition = await definitionOfSubject(subject, context, deps);
    const date = vietnamDate(receivedAt);
    return deps.pools.simulations.run(
      principalOf(context),
      'simulateAmong',
      { ...rest, definition, receivedAt: receivedAt.getTime() },
      await surroundingsAt(date, definition, fields.intakeAgencyId, deps),
    );
  },
});

async function surroundingsAt(
  date: string,
  definition: Definition,
  intakeAgencyId: string,
  { db, agencies, calendars }: Deps,
): Promise<Surroundings> {
  const { calls, agencyIds } = referencesOf(definition);
  const [reached] = await Promise.all([
    // Its own versions too: one of them may be in force, with sub-procedures of its own.
    readReached(db, [definition.code, ...calls], { from: date, to: date }),
    agencies.refresh(db),
    calendars.refresh(db),
  ]);
  const named = [intakeAgencyId, ...agencyIds, ...reached.flatMap((version) => version.agencyIds)];
  return {
    agencies: reachableFrom(agencies, named, date),
    years: [...calendars.years()],
    versions: reached.map(({ record }) => record),
  };
}
