import { Form } from '@lienthong/contracts/casework';
import { type Result, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { dayOf, momentInSentence, momentInWords } from '@lienthong/working-time';
import { formsFor } from '../../domain/law/forms.ts';
import { contactLines, type PrintedApplicant, printApplicant } from '../applicant.ts';
import { type Case, notIssued } from '../case.ts';
import { type Head, headOf, lawNote, letterheadOf } from '../head.ts';

/** Thông báo dừng giải quyết hồ sơ; of the last stop. */
export interface StopNotice {
  head: Head;
  applicant: PrintedApplicant;
  request: string;
  receivedAt: string;
  stoppedAt: string;
  /** The appointment that no longer holds; empty when there was none. */
  promisedFor: string;
  reason: string;
  leader: string;
}

export function stopNoticeOf(from: Case): Result<StopNotice> {
  const { dossier, applicant, procedure, headName } = from;
  const act = dossier.acts.stopped;
  if (act === undefined)
    return notIssued('the stop notice', 'the dossier was not stopped; it is issued with the stop');
  const { numbers, source } = formsFor(dayOf(dossier.lodgedAt), dayOf(act.at));
  if (numbers[Form.STOP_NOTICE] === undefined)
    return notIssued('the stop notice', `${source}, which the dossier follows, has no such form`);
  return success({
    head: headOf(from, Form.STOP_NOTICE, 'TBD', act, 'agency'),
    applicant: printApplicant(applicant),
    request: procedure.name,
    receivedAt: momentInWords(dossier.lodgedAt),
    stoppedAt: momentInWords(act.at),
    promisedFor: act.dueAt === null ? '' : momentInSentence(act.dueAt),
    reason: act.reason,
    leader: headName(act.agency.agencyId, act.at),
  });
}

export const stopNoticePaper = ({ head, applicant, ...form }: StopNotice): Paper => ({
  title: `Thông báo dừng giải quyết hồ sơ ${head.code}`,
  orientation: 'portrait',
  at: head.at,
  blocks: [
    letterheadOf(head),
    { kind: 'title', text: 'THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ', note: '' },
    { kind: 'paragraph', align: 'center', runs: [{ text: `Kính gửi: ${applicant.name}` }] },
    {
      kind: 'fields',
      lines: [
        [{ label: 'Mã hồ sơ', value: head.code }],
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
        ...contactLines(applicant),
        [{ label: 'Thời gian nhận hồ sơ', value: form.receivedAt }],
        [{ label: 'Thời gian dừng giải quyết hồ sơ', value: form.stoppedAt }],
      ],
    },
    {
      kind: 'paragraph',
      runs: [{ text: `${head.agency} thông báo dừng giải quyết hồ sơ này với lý do cụ thể như sau:` }],
    },
    { kind: 'paragraph', runs: [{ text: form.reason }] },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `${form.promisedFor === '' ? '' : `Thời gian hẹn trả kết quả là ${form.promisedFor} không còn hiệu lực. `}Thời gian dừng không tính vào thời hạn giải quyết; kết quả được hẹn lại khi hồ sơ tiếp tục được giải quyết.`,
        },
      ],
    },
    { kind: 'paragraph', runs: [{ text: `Xin thông báo để ${applicant.salutation} được biết./.` }] },
    {
      kind: 'signatures',
      parties: [
        { title: 'THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ', hint: '(Ký số hoặc ký tên và đóng dấu)', name: form.leader },
      ],
    },
    lawNote(head),
  ],
});
