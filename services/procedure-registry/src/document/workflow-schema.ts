import { z } from 'zod';
import { duration, key, oneOf, performer, procedureCode, requiredText, text } from './pieces.ts';

export const EFFECTS = ['continue', 'finish', 'refuse'] as const;
export const JOINS = ['all', 'lead', 'first'] as const;

const name = requiredText(200);
const condition = requiredText(1000);

const step = z
  .strictObject({
    name,
    performer,
    time_limit: duration,
    outcomes: z
      .array(z.strictObject({ key, name, effect: z.enum(EFFECTS).default('continue') }))
      .max(20)
      .default([]),
    returns: z
      .array(z.strictObject({ to: key, at_most: z.int().min(0).max(1000) }))
      .max(20)
      .default([]),
    produces: z.array(key).max(50).default([]),
  })
  .meta({ description: 'Work of one officer of one agency.' });

const consultation = z
  .strictObject({
    name,
    lead: performer,
    consulted: z.array(performer).max(100).default([]),
    time_limit: duration,
    question: text(2000).default(''),
  })
  .meta({ description: 'Others are asked in parallel, each with the same deadline.' });

const handOver = z
  .strictObject({ name, to: performer, time_limit: duration, result: z.boolean().default(false) })
  .meta({
    description:
      'The dossier goes to another agency, step by step through the tiers. result: it is on its way back.',
  });

const subProcedure = z
  .strictObject({ name, procedure_code: procedureCode, intake: performer })
  .meta({ description: 'A dossier of another procedure; the workflow goes on when that is finished.' });

export interface BlockDocument {
  key: string;
  step?: z.output<typeof step>;
  sequence?: BlockDocument[];
  parallel?: { branches: { lead: boolean; block: BlockDocument }[]; join: (typeof JOINS)[number] };
  consultation?: z.output<typeof consultation>;
  choice?: { cases: { condition: string; block: BlockDocument }[]; otherwise?: BlockDocument };
  hand_over?: z.output<typeof handOver>;
  sub_procedure?: z.output<typeof subProcedure>;
}

const nested = z.lazy(() => block);

/** Lists may be far longer than is sound, so that an unsound draft can be stored and its problems shown. */
export const block: z.ZodType<BlockDocument> = oneOf(
  {
    key,
    step: step.optional(),
    sequence: z.array(nested).max(1000).optional(),
    parallel: z
      .strictObject({
        branches: z
          .array(z.strictObject({ lead: z.boolean().default(false), block: nested }))
          .max(100)
          .default([]),
        join: z.enum(JOINS).default('all'),
      })
      .optional(),
    consultation: consultation.optional(),
    choice: z
      .strictObject({
        cases: z
          .array(z.strictObject({ condition, block: nested }))
          .max(100)
          .default([]),
        otherwise: nested.optional(),
      })
      .optional(),
    hand_over: handOver.optional(),
    sub_procedure: subProcedure.optional(),
  },
  ['step', 'sequence', 'parallel', 'consultation', 'choice', 'hand_over', 'sub_procedure'],
).meta({
  id: 'block',
  description: 'A key and one of the seven kinds of block.',
}) as z.ZodType<BlockDocument>;
