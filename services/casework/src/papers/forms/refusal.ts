import { Form } from '@lienthong/contracts/casework';
import { type Result, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { contactLines, type PrintedApplicant, printApplicant } from '../applicant.ts';
import { type Case, notIssued } from '../case.ts';
import { type Head, headOf, lawNote, letterheadOf, signatureHint } from '../head.ts';

/** Phiếu từ chối tiếp nhận giải quyết hồ sơ. */
export interface RefusalForm {
  head: Head;
  applicant: PrintedApplicant;
  request: string;
  reason: string;
  refusedBy: string;
}

export function refusalOf(from: Case): Result<RefusalForm> {
  const { dossier, applicant, procedure, officerName } = from;
  const act = dossier.acts.refused;
  if (act === undefined)
    return notIssued('the refusal', 'the dossier was not refused; it is issued with the refusal');
  // The one-stop unit that took the dossier in informs the citizen, whichever agency decided.
  const { agency } = dossier.acts.accepted ?? act;
  return success({
    head: headOf(from, Form.REFUSAL, 'TCHS', { at: act.at, agency }, 'one-stop unit'),
    applicant: printApplicant(applicant),
    request: procedure.name,
    reason: dossier.reason,
    refusedBy: act.agency.agencyId === agency.agencyId ? officerName(act.officerId) : '',
  });
}

export const refusalPaper = ({ head, ...form }: RefusalForm): Paper => ({
  title: `Phiếu từ chối tiếp nhận giải quyết hồ sơ ${head.code}`,
  orientation: 'portrait',
  at: head.at,
  blocks: [
    letterheadOf(head),
    { kind: 'title', text: 'PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ', note: '' },
    {
      kind: 'fields',
      lines: [
        [{ label: head.unit?.name ?? '', value: head.agency }],
        [{ label: 'Tiếp nhận hồ sơ của', value: form.applicant.name }],
        [{ label: 'Mã hồ sơ', value: head.code }],
        ...contactLines(form.applicant),
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
      ],
    },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `Qua xem xét, ${head.unit?.title ?? ''} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:`,
        },
      ],
    },
    { kind: 'paragraph', runs: [{ text: form.reason }] },
    {
      kind: 'paragraph',
      runs: [{ text: `Xin thông báo cho ${form.applicant.salutation} được biết và thực hiện./.` }],
    },
    {
      kind: 'signatures',
      parties: [
        { title: 'NGƯỜI NỘP HỒ SƠ', hint: '(Ký và ghi rõ họ tên)', name: form.applicant.name },
        { title: 'NGƯỜI TIẾP NHẬN HỒ SƠ', hint: signatureHint(head), name: form.refusedBy },
      ],
    },
    lawNote(head),
  ],
});
