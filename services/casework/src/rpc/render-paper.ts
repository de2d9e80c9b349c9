import {
  Form,
  Format,
  type RenderPaperRequest,
  type RenderPaperResponse,
} from '@lienthong/contracts/casework';
import {
  type CallInfo,
  callerOf,
  enumField,
  type FieldViolation,
  field,
  instant,
  isDate,
  parse,
  type Refusal,
  type Result,
  refuse,
  startOfVietnamDate,
} from '@lienthong/kit';
import { type Paper, type PdfPress, renderHtml } from '@lienthong/paper';
import { nameAt, standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import type { Case } from '../papers/case.ts';
import { caseOf } from '../papers/case-of.ts';
import { apologyOf, apologyPaper } from '../papers/forms/apology.ts';
import { controlSheetOf, controlSheetPaper } from '../papers/forms/control-sheet.ts';
import { receiptOf, receiptPaper } from '../papers/forms/receipt.ts';
import { refusalOf, refusalPaper } from '../papers/forms/refusal.ts';
import { type Entry, entryOf, registerPaper } from '../papers/forms/register.ts';
import { supplementRequestOf, supplementRequestPaper } from '../papers/forms/supplement-request.ts';
import { countRegister, type Period, type RegisterRow, readRegister } from '../store/read-register.ts';
import type { Edge } from './edge.ts';
import { dossierFor } from './participation.ts';

const MAX_DAYS = 31;
const MAX_ENTRIES = 5_000;
const PAGE = 500;
const DAY_MS = 86_400_000;

const schema = z
  .object({
    form: enumField(Form),
    dossierId: field.optionalUuid,
    format: enumField(Format, Format.HTML),
    from: field.optionalDate,
    to: field.optionalDate,
  })
  .superRefine((asked, context) => {
    for (const { field: name, description, reason } of asked.form === Form.REGISTER
      ? wrongPeriod(asked)
      : wrongDossier(asked))
      context.addIssue({ code: 'custom', path: [name], message: description, params: { reason } });
  });

type Asked = z.output<typeof schema>;

function wrongPeriod({
  dossierId,
  from,
  to,
}: {
  dossierId: string;
  from: string;
  to: string;
}): FieldViolation[] {
  const wrong: FieldViolation[] = [];
  const say = (name: string, description: string, reason: string) =>
    wrong.push({ field: name, description, reason });
  if (dossierId !== '')
    say('dossierId', 'must be empty: the register is of all dossiers of your agency', 'FIELD_NOT_ALLOWED');
  if (from === '') say('from', 'is required for the register: the first day, YYYY-MM-DD', 'FIELD_REQUIRED');
  if (to === '') say('to', 'is required for the register: the last day, YYYY-MM-DD', 'FIELD_REQUIRED');
  if (!isDate(from) || !isDate(to)) return wrong;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) say('to', 'must not be before from', 'PERIOD_INVALID');
  if (days > MAX_DAYS)
    say('to', `must be within ${MAX_DAYS} days of from; ask for a month at a time`, 'PERIOD_TOO_LONG');
  return wrong;
}

function wrongDossier({
  dossierId,
  from,
  to,
}: {
  dossierId: string;
  from: string;
  to: string;
}): FieldViolation[] {
  const wrong: FieldViolation[] = [];
  if (dossierId === '')
    wrong.push({ field: 'dossierId', description: 'is required for this form', reason: 'FIELD_REQUIRED' });
  for (const [name, value] of Object.entries({ from, to }))
    if (value !== '')
      wrong.push({
        field: name,
        description: 'must be empty: only the register has a period',
        reason: 'FIELD_NOT_ALLOWED',
      });
  return wrong;
}

/** The papers 01 to 05 of a dossier for those who take part in it; 06 of what the caller's agency took in. */
export function renderPaper(edge: Edge, press: PdfPress) {
  return async (request: RenderPaperRequest, info: CallInfo): Promise<RenderPaperResponse> => {
    const asked = parse(schema, request);
    const paper =
      asked.form === Form.REGISTER
        ? await registerOf(edge, info, asked)
        : await paperOf(edge, info, asked.form, asked.dossierId);
    return asked.format === Format.PDF
      ? { contentType: 'application/pdf', content: await press.print(paper) }
      : { contentType: 'text/html; charset=utf-8', content: Buffer.from(renderHtml(paper)) };
  };
}

/** How each form is made: what it says of the dossier, then its parts. */
const FORMS: Record<Exclude<Asked['form'], typeof Form.REGISTER>, (of: Case) => Result<Paper>> = {
  [Form.RECEIPT]: (of) => made(receiptOf(of), receiptPaper),
  [Form.SUPPLEMENT_REQUEST]: (of) => made(supplementRequestOf(of), supplementRequestPaper),
  [Form.REFUSAL]: (of) => made(refusalOf(of), refusalPaper),
  [Form.APOLOGY]: (of) => made(apologyOf(of), apologyPaper),
  [Form.CONTROL_SHEET]: (of) => made(controlSheetOf(of), controlSheetPaper),
};

const made = <M>(model: Result<M>, paper: (model: M) => Paper): Result<Paper> =>
  model.ok ? { ok: true, value: paper(model.value) } : model;

async function paperOf(
  edge: Edge,
  info: CallInfo,
  form: keyof typeof FORMS,
  dossierId: string,
): Promise<Paper> {
  const whole = await dossierFor(edge, info, { dossierId, code: '' });
  const paper = FORMS[form](caseOf(whole, edge.reference, edge.procedures));
  return paper.ok ? paper.value : refuse(paper.refusal);
}

async function registerOf(edge: Edge, info: CallInfo, { from, to }: Asked): Promise<Paper> {
  const { db, clock, reference, procedures } = edge;
  const callerId = callerOf(info);
  await Promise.all([reference.refresh(db), procedures.refresh(db)]);
  const agencyIds = standsForAll(reference.agencies, callerId, instant(clock).today);
  const until = new Date(startOfVietnamDate(to).getTime() + DAY_MS);
  const period: Period = { agencyIds, from: startOfVietnamDate(from), until };
  if ((await countRegister(db, period, MAX_ENTRIES + 1)) > MAX_ENTRIES) refuse(tooLong);

  const entries: Entry[] = [];
  let at = period.from.getTime();
  let rows: RegisterRow[] = [];
  do {
    rows = await readRegister(db, period, rows.at(-1), PAGE);
    for (const { dossier, steps, applicant } of rows) {
      const procedure = procedures.record(dossier.procedureId)?.definition?.name ?? '';
      entries.push(entryOf(dossier, steps, applicant, procedure));
      at = Math.max(at, dossier.changedAt);
    }
  } while (rows.length === PAGE && entries.length < MAX_ENTRIES);
  const agency = reference.agencies.get(callerId);
  return registerPaper({ at, agency: agency ? nameAt(agency, to) : '', from, to, entries });
}

const tooLong: Refusal = {
  kind: 'resource-exhausted',
  reason: 'REGISTER_TOO_LONG',
  message: `the register of this period has more than ${MAX_ENTRIES} entries; ask for fewer days`,
};
