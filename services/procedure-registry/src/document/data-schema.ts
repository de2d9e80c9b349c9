import { z } from 'zod';
import { dataKey, requiredText, text } from './pieces.ts';

export const DATA_TYPES = [
  'text',
  'integer',
  'number',
  'boolean',
  'date',
  'money',
  'choice',
  'group',
  'identity',
  'address',
  'file',
] as const;

const choice = z.strictObject({
  value: requiredText(60),
  label: requiredText(200),
  only_for: z.array(requiredText(60)).max(500).default([]).describe('Values of depends_on; empty: any.'),
});

export interface DataFieldDocument {
  key: string;
  label: string;
  type: (typeof DATA_TYPES)[number];
  required: boolean;
  message: string;
  pattern: string;
  minimum: string;
  maximum: string;
  choices: z.output<typeof choice>[];
  depends_on: string;
  fields: DataFieldDocument[];
  min_rows: number;
  max_rows: number;
  in_events: boolean;
}

const bound = text(20).default('').describe('Inclusive; written like a value of the field, in quotes.');
const rows = z.int().min(0).max(1000).default(0);

const dataField: z.ZodType<DataFieldDocument> = z
  .strictObject({
    key: dataKey,
    label: requiredText(200),
    type: z.enum(DATA_TYPES),
    required: z.boolean().default(false),
    message: text(500).default('').describe('Vietnamese; what a wrong value is answered with.'),
    pattern: text(1000).default('').describe("Of a text: RE2's syntax; the whole text matches."),
    minimum: bound,
    maximum: bound,
    choices: z.array(choice).max(500).default([]),
    depends_on: z
      .union([z.literal(''), dataKey])
      .default('')
      .describe('Key of an earlier choice.'),
    fields: z
      .array(z.lazy(() => dataField))
      .max(200)
      .default([])
      .describe('Of a group.'),
    min_rows: rows,
    max_rows: rows.describe('Of a group with rows; 0: the group has none.'),
    in_events: z.boolean().default(false).describe("Of a result's data: also in events."),
  })
  .meta({ id: 'data_field' }) as z.ZodType<DataFieldDocument>;

export const dataFields = z.array(dataField).max(200).default([]);
