import { Form, Format } from '@lienthong/contracts/casework';
import {
  type Context,
  enumField,
  type FieldViolation,
  field,
  isDate,
  principalOf,
  type Refusal,
  type Result,
  refuse,
  startOfVietnamDate,
} from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { codeAt, standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { formsFor } from '../domain/law/forms.ts';
import type { Case } from '../papers/case.ts';
import { caseOf, oneStopOf } from '../papers/case-of.ts';
import { apologyOf, apologyPaper } from '../papers/forms/apology.ts';
import { controlSheetOf, controlSheetPaper } from '../papers/forms/control-sheet.ts';
import { receiptOf, receiptPaper } from '../papers/forms/receipt.ts';
import { refusalOf, refusalPaper } from '../papers/forms/refusal.ts';
import { type Entry, entryOf, registerPaper } from '../papers/forms/register.ts';
import { stopNoticeOf, stopNoticePaper } from '../papers/forms/stop-notice.ts';
import { supplementRequestOf, supplementRequestPaper } from '../papers/forms/supplement-request.ts';
import { type FormInForce, formInForce, type Head } from '../papers/head.ts';
import { countRegister, type Period, type RegisterRow, readRegister } from '../store/read-register.ts';
import { Casework, type Deps, query, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierFor } from './participation.ts';

const MAX_DAYS = 31;
const MAX_ENTRIES = 5_000;
const PAGE = 500;
const DAY_MS = 86_400_000;
/** A full register is some hundred pages. */
const REGISTER_COST = 8;

const request = z.object({
  form: enumField(Form),
  dossierId: field.optionalUuid,
  format: enumField(Format, Format.HTML),
  from: field.optionalDate,
  to: field.optionalDate,
});
type Request = z.output<typeof request>;

/** A dossier's papers for its participants; the register of the dossiers that the caller's agency took in. */
export const renderPaper = query(Casework.renderPaper, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'buffered',
  request,
  rules: (request) => (request.form === Form.REGISTER ? wrongPeriod(request) : wrongDossier(request)),
  cost: ({ form }) => (form === Form.REGISTER ? REGISTER_COST : 1),
  async handle({ form, format, dossierId, from, to }, context, deps) {
    const { paper, number, source, agencyCode } =
      form === Form.REGISTER
        ? await registerOf(context, deps, from, to)
        : await paperOf(context, deps, form, dossierId);
    const law = { formNumber: number, formSource: source };
    if (format === Format.HTML) {
      const content = await deps.press.print(paper, 'html');
      return { contentType: 'text/html; charset=utf-8', content, ...law };
    }
    const pdf = await deps.press.print(paper, 'pdf');
    const content = await deps.seals.seal(principalOf(context), pdf, agencyCode, context.now);
    return { contentType: 'application/pdf', content, ...law };
  },
});

const violation = (field: string, description: string, reason: string): FieldViolation => ({
  field,
  description,
  reason,
});

function wrongPeriod({ dossierId, from, to }: Request): FieldViolation[] {
  const violations: FieldViolation[] = [];
  const add = (...of: Parameters<typeof violation>) => violations.push(violation(...of));
  if (dossierId !== '')
    add('dossier_id', 'must be empty: the register has all dossiers of your agency', 'FIELD_NOT_ALLOWED');
  if (from === '') add('from', 'is required for the register: the first day, YYYY-MM-DD', 'FIELD_REQUIRED');
  if (to === '') add('to', 'is required for the register: the last day, YYYY-MM-DD', 'FIELD_REQUIRED');
  if (!isDate(from) || !isDate(to)) return violations;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) add('to', 'must not be before from', 'PERIOD_INVALID');
  if (days > MAX_DAYS)
    add('to', `must be within ${MAX_DAYS} days of from; request a month at a time`, 'PERIOD_TOO_LONG');
  return violations;
}

const wrongDossier = ({ dossierId, from, to }: Request): FieldViolation[] => [
  ...(dossierId === '' ? [violation('dossier_id', 'is required for this form', 'FIELD_REQUIRED')] : []),
  ...Object.entries({ from, to })
    .filter(([, value]) => value !== '')
    .map(([name]) => violation(name, 'must be empty: only the register has a period', 'FIELD_NOT_ALLOWED')),
];

/** A paper, with the form that it follows. */
interface Made extends FormInForce {
  paper: Paper;
  /** Of the agency that issues it. */
  agencyCode: string;
}

/** A form's content from the dossier, then its blocks. */
const FORMS: Record<Exclude<Request['form'], typeof Form.REGISTER>, (of: Case) => Result<Made>> = {
  [Form.RECEIPT]: (of) => made(receiptOf(of), receiptPaper),
  [Form.SUPPLEMENT_REQUEST]: (of) => made(supplementRequestOf(of), supplementRequestPaper),
  [Form.REFUSAL]: (of) => made(refusalOf(of), refusalPaper),
  [Form.APOLOGY]: (of) => made(apologyOf(of), apologyPaper),
  [Form.STOP_NOTICE]: (of) => made(stopNoticeOf(of), stopNoticePaper),
  [Form.CONTROL_SHEET]: (of) => made(controlSheetOf(of), controlSheetPaper),
};

const made = <M extends { head: Head }>(model: Result<M>, paper: (model: M) => Paper): Result<Made> =>
  model.ok
    ? {
        ok: true,
        value: {
          paper: paper(model.value),
          agencyCode: model.value.head.agencyCode,
          ...model.value.head.form,
        },
      }
    : model;

async function paperOf(
  context: Context,
  deps: Deps,
  form: keyof typeof FORMS,
  dossierId: string,
): Promise<Made> {
  const whole = await dossierFor(context, deps, { dossierId, code: '' });
  const made = FORMS[form](caseOf(whole, deps));
  return made.ok ? made.value : refuse(made.refusal);
}

async function registerOf(
  { caller, today, reads }: Context,
  { db, reference, procedures, sealer }: Deps,
  from: string,
  to: string,
): Promise<Made> {
  await Promise.all([reference.refresh(db), procedures.refresh(db)]);
  const agencyIds = standsForAll(reference.agencies, caller.agencyId, today);
  const until = new Date(startOfVietnamDate(to).getTime() + DAY_MS);
  const period: Period = { agencyIds, from: startOfVietnamDate(from), until };
  if ((await countRegister(db, period, MAX_ENTRIES + 1)) > MAX_ENTRIES) refuse(tooLong);

  const entries: Entry[] = [];
  let at = period.from.getTime();
  let rows: RegisterRow[] = [];
  do {
    rows = await readRegister(db, sealer, period, rows.at(-1), PAGE);
    for (const { dossier, steps, applicant } of rows) {
      const procedure = procedures.record(dossier.procedureId)?.definition?.name ?? '';
      reads.push({ dossierCode: dossier.code, ownerId: dossier.competent.agencyId });
      entries.push(entryOf(dossier, steps, applicant, procedure));
      at = Math.max(at, dossier.changedAt);
    }
  } while (rows.length === PAGE && entries.length < MAX_ENTRIES);
  const unit = oneStopOf(reference, caller.agencyId, to);
  const form = formInForce(Form.REGISTER, formsFor(to, to));
  const agency = reference.agencies.get(caller.agencyId);
  const agencyCode = agency ? codeAt(agency, today) : '';
  return { paper: registerPaper({ at, unit, form, from, to, entries }), agencyCode, ...form };
}

const tooLong: Refusal = {
  kind: 'resource-exhausted',
  reason: 'REGISTER_TOO_LONG',
  message: `the register of this period has more than ${MAX_ENTRIES} entries; request fewer days`,
};
