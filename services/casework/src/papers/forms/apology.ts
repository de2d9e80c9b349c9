import { Form } from '@lienthong/contracts/casework';
import { type Result, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { capital } from '@lienthong/reference-data';
import { dayInSentence, momentInSentence, momentInWords } from '@lienthong/working-time';
import { type PrintedApplicant, printApplicant } from '../applicant.ts';
import { type Case, notIssued } from '../case.ts';
import { dueOnPaper } from '../due.ts';
import { type Head, headOf, lawNote, letterheadOf } from '../head.ts';

/** Phiếu xin lỗi và hẹn lại ngày trả kết quả. */
export interface Apology {
  head: Head;
  applicant: PrintedApplicant;
  request: string;
  receivedBy: string;
  receivedOn: string;
  promisedFor: string;
  reason: string;
  newDate: string;
  leader: string;
}

export function apologyOf(from: Case): Result<Apology> {
  const { dossier, applicant, procedure, headName } = from;
  const { extension } = dossier;
  const act = dossier.acts.extended;
  if (act === undefined || extension === null)
    return notIssued('the apology', 'the deadline was not extended; it is issued with the extension');
  return success({
    head: headOf(from, Form.APOLOGY, 'PXL', act, 'agency'),
    applicant: printApplicant(applicant),
    request: procedure.name,
    receivedBy: (dossier.acts.accepted ?? act).agency.name,
    receivedOn: dayInSentence(dossier.lodgedAt),
    promisedFor: momentInWords(extension.from),
    reason: extension.reason,
    newDate: dueOnPaper(momentInSentence, extension.to, extension.provisional),
    leader: headName(act.agency.agencyId, act.at),
  });
}

export const apologyPaper = ({ head, applicant: { name, salutation }, ...form }: Apology): Paper => ({
  title: `Phiếu xin lỗi và hẹn lại ngày trả kết quả ${head.code}`,
  orientation: 'portrait',
  at: head.at,
  blocks: [
    letterheadOf(head),
    { kind: 'title', text: 'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ', note: '' },
    { kind: 'paragraph', align: 'center', runs: [{ text: `Kính gửi: ${name}` }] },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `${capital(form.receivedOn)}, ${form.receivedBy} tiếp nhận hồ sơ của ${salutation}; mã hồ sơ: ${head.code}; nội dung yêu cầu giải quyết: ${form.request}.`,
        },
      ],
    },
    {
      kind: 'fields',
      lines: [[{ label: 'Thời gian hẹn trả kết quả giải quyết hồ sơ', value: `${form.promisedFor}.` }]],
    },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `Tuy nhiên, ${head.agency} chưa thể trả kết quả giải quyết hồ sơ của ${salutation} đúng thời hạn ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.`,
        },
      ],
    },
    { kind: 'fields', lines: [[{ label: 'Lý do', value: form.reason }]] },
    {
      kind: 'paragraph',
      runs: [{ text: `Sự chậm trễ này đã gây phiền hà, tốn kém về thời gian, công sức của ${salutation}.` }],
    },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `${head.agency} xin lỗi ${salutation} và sẽ trả kết quả giải quyết hồ sơ vào lúc ${form.newDate}.`,
        },
      ],
    },
    {
      kind: 'paragraph',
      runs: [{ text: `Mong nhận được sự thông cảm của ${salutation} vì sự chậm trễ này./.` }],
    },
    {
      kind: 'signatures',
      parties: [
        { title: 'THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ', hint: '(Ký số hoặc ký tên và đóng dấu)', name: form.leader },
      ],
    },
    lawNote(head),
  ],
});
