import { z } from 'zod';
import { dataFields } from './data-schema.ts';
import {
  dataKey,
  duration,
  key,
  performer,
  procedureCode,
  requiredText,
  text,
  texts,
  tier,
  webAddress,
} from './pieces.ts';
import { block } from './workflow-schema.ts';

export const CHANNELS = ['in_person', 'online', 'post'] as const;
export const APPLICANTS = ['citizen', 'household', 'organisation', 'foreign'] as const;
export const SERVICE_LEVELS = ['full', 'partial'] as const;

const forCases = z.array(key).max(20).default([]).describe('Keys of cases; empty: every case.');

const amount = z.int().min(0).max(1_000_000_000_000);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .optional();

/** Days of lodging, both inclusive. */
const applies = {
  condition: text(1000).default(''),
  first_day: day,
  last_day: day,
  source: text(500).default(''),
};

const fees = z
  .array(
    z.strictObject({
      key,
      name: requiredText(500),
      rules: z
        .array(
          z.strictObject({
            name: text(500).default(''),
            amount_vnd: amount.default(0),
            count: z.union([z.literal(''), dataKey]).default(''),
            unit: text(50).default(''),
            included: z.int().min(0).max(1_000_000).default(0),
            ...applies,
          }),
        )
        .max(50)
        .default([])
        .describe('Exactly one holds for a dossier.'),
      reliefs: z
        .array(z.strictObject({ name: requiredText(500), percent: z.int().min(1).max(100), ...applies }))
        .max(50)
        .default([])
        .describe('The greatest of those that hold; 100: exempt.'),
    }),
  )
  .max(20)
  .default([])
  .describe('Phí, lệ phí. Without any, the fee is that of the way.');

const papers = z.array(
  z.strictObject({
    key,
    name: requiredText(1000),
    form: text(100).default(''),
    originals: z.int().min(0).max(100).default(0),
    copies: z.int().min(0).max(100).default(0),
    mandatory: z.boolean().default(false),
    condition: text(1000).default(''),
    cases: forCases,
  }),
);

const cases = z
  .array(
    z.strictObject({
      key,
      name: requiredText(500),
      condition: text(1000).default(''),
      time_limit: duration.optional(),
    }),
  )
  .max(20)
  .default([])
  .describe(
    'Cases (trường hợp) that differ in time limit and papers. condition: chooses the case by the data.',
  );

/**
 * The only description of a definition's form. It parses YAML documents and definitions that come over gRPC, and is
 * published as JSON Schema. `checkDefinition` of packages/workflow checks whether a well-formed definition is sound.
 */
export const definitionDocument = z.strictObject({
  code: procedureCode,
  name: requiredText(500),
  tiers: z.array(tier).max(5).default([]),
  kind: text(200).default(''),
  field: text(200).default(''),
  sequence: texts(5000, 100).describe('What the applicant and the agencies do, in words.'),
  ways: z
    .array(
      z.strictObject({
        channel: z.enum(CHANNELS),
        time_limit: duration.optional(),
        fee_vnd: amount.default(0),
        note: text(1000).default(''),
        applicants: z.array(z.enum(APPLICANTS)).max(4).default([]).describe('Empty: everybody.'),
        cases: forCases,
      }),
    )
    .max(50)
    .default([]),
  papers: papers.max(200).default([]),
  applicants: texts(1000, 50),
  executing_agency: performer.optional(),
  deciding_agency: performer.optional(),
  intake_place: text(500).default(''),
  authorised_agency: performer.optional(),
  coordinating_agencies: z.array(performer).max(50).default([]),
  results: z
    .array(z.strictObject({ key, name: requiredText(500), data: dataFields }))
    .max(50)
    .default([]),
  legal_basis: texts(1000, 100),
  conditions: text(10_000).default(''),
  keywords: texts(100, 50),
  time_limit: duration,
  data: dataFields.describe('The data of a dossier besides its papers.'),
  workflow: block.describe('The outermost block.'),
  cases,
  service_level: z
    .enum(SERVICE_LEVELS)
    .optional()
    .describe('How far it can be done online: full (toàn trình) or partial (một phần).'),
  service_level_reason: text(1000).default('').describe('Why it is partial.'),
  served_elsewhere: webAddress
    .default('')
    .describe('Address of the system of a ministry that serves it; empty: it is served here.'),
  fees,
  sample: z.boolean().default(false).describe('An example, not a procedure in force.'),
});

export type DefinitionDocument = z.output<typeof definitionDocument>;

/** JSON Schema 2020-12 of one YAML document. */
export const definitionJsonSchema = (): string =>
  JSON.stringify(
    {
      ...z.toJSONSchema(definitionDocument, { target: 'draft-2020-12', io: 'input' }),
      title: 'Procedure definition',
    },
    null,
    2,
  );
