/** A line of an import as it is sent, checked by itself. */
import type { ImportedDossier, PastAct as PastActMessage } from '@lienthong/contracts/casework';
import { Channel } from '@lienthong/contracts/registry';
import { check, enumField, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { DOSSIER_CODE, type Fault, type ImportLine } from '../domain/imports/line.ts';
import {
  amountVnd,
  applicant,
  data,
  futureInstant,
  key,
  optionalText,
  papers,
  requiredText,
  resultReturn,
  results,
} from './fields.ts';

const MAX_ACTS = 200;
const MAX_NOTES = 100;

const required = { error: 'is required', params: { reason: 'FIELD_REQUIRED' } };
const present = <S extends z.ZodType>(schema: S) =>
  z
    .any()
    .refine((given) => given !== undefined, required)
    .pipe(schema);

/** The calendars of a dossier's days are computed, so it may not be of any year. */
const [EARLIEST, LATEST] = [Date.parse('2000-01-01T00:00:00+07:00'), Date.parse('2100-01-01T00:00:00+07:00')];

/** Epoch milliseconds. */
const instant = present(
  z.date('is not a time').superRefine((at, context) => {
    if (at.getTime() >= EARLIEST && at.getTime() < LATEST) return;
    const params = { reason: 'DATE_INVALID' };
    context.addIssue({ code: 'custom', message: 'must be of the years 2000 to 2099', params });
  }),
).transform((at) => at.getTime());
const codeRef = z.object({ scheme: optionalText(20), code: field.agencyCode });
const optionalCode = codeRef.optional().transform((one) => one ?? null);

const code = z.string().superRefine((text, context) => {
  if (text.length <= 60 && DOSSIER_CODE.test(text)) return;
  const message = "must be the code on the applicant's receipt, <agency code>-YYMMDD-NNNN";
  context.addIssue({ code: 'custom', message, params: { reason: 'CODE_INVALID' } });
});

const ofStep = { blockKey: requiredText(60), agency: optionalCode };

type Kind = NonNullable<PastActMessage['act']>['$case'];

const ACTS = {
  accepted: z.object({}),
  assigned: z.object(ofStep),
  completed: z.object({ ...ofStep, outcome: key, note: optionalText(), results }),
  supplementRequested: z.object({ content: requiredText(), reason: optionalText() }),
  supplementReceived: z.object({ papers }),
  paymentRequested: z.object({ amountVnd, content: optionalText() }),
  paid: z.object({ amountVnd, receipt: optionalText(100) }),
  stopped: z.object({ reason: requiredText() }),
  resumed: z.object({}),
  extended: z.object({ dueAt: present(futureInstant), reason: requiredText() }),
} satisfies Record<Kind, z.ZodType>;

const act = z
  .object({
    at: instant,
    officerId: field.optionalUuid,
    act: z.custom<PastActMessage['act']>((given) => given !== undefined, {
      ...required,
      error: 'must name what happened',
    }),
  })
  .transform(({ at, officerId, act }, context) => {
    if (act === undefined) return z.NEVER;
    const schema: z.ZodType = ACTS[act.$case];
    const parsed = schema.safeParse(act.value);
    if (parsed.success) return { at, officerId, kind: act.$case, ...(parsed.data as object) };
    for (const issue of parsed.error.issues)
      context.addIssue({ ...issue, path: [act.$case, ...issue.path] } as never);
    return z.NEVER;
  });

const line = z.object({
  code,
  procedureCode: requiredText(40),
  channel: enumField(Channel),
  applicant: present(applicant),
  data,
  papers,
  resultReturn,
  caseKey: key,
  intake: present(codeRef),
  competent: optionalCode,
  lodgedAt: instant,
  officerId: field.optionalUuid,
  acts: manyOf(act, MAX_ACTS),
  notes: manyOf(z.object({ at: instant, text: requiredText() }), MAX_NOTES),
});

/** Items of all acts: what one line takes of a turn is bounded. */
const MAX_ITEMS = 1_000;
const MAX_DATA = 1_000;

/** The line, or everything that is wrong with it by itself. */
export function readLine(message: ImportedDossier): { line: ImportLine } | { faults: Fault[] } {
  const large = tooLarge(message);
  if (large !== undefined) return { faults: [large] };
  const checked = check(line, message);
  if (checked.ok) return { line: checked.value as ImportLine };
  return {
    faults: checked.violations.map(({ reason = 'FIELD_INVALID', ...one }) => ({ ...one, reason })),
  };
}

/** What has more parts than are looked at. */
function tooLarge({ data, acts }: ImportedDossier): Fault | undefined {
  const fault = (field: string, what: string, max: number): Fault => ({
    field,
    reason: 'TOO_MANY',
    description: `must have at most ${max} ${what}`,
  });
  if (Object.keys(data).length > MAX_DATA) return fault('data', 'texts', MAX_DATA);
  let items = 0;
  for (const { act } of acts) {
    if (act?.$case === 'supplementReceived') items += act.value.papers.length;
    if (act?.$case === 'completed')
      for (const result of act.value.results) items += 1 + Object.keys(result.data).length;
  }
  return items > MAX_ITEMS ? fault('acts', 'papers and results with their data', MAX_ITEMS) : undefined;
}
