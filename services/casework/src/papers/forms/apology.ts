import { type Result, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import type { Case } from '../case.ts';
import { notIssued, paperNumber, placeAndDate } from '../case.ts';
import { capitals, dayInWords, momentInWords } from '../vietnamese.ts';

/** Form 04: Phiếu xin lỗi và hẹn lại ngày trả kết quả. */
export interface Apology {
  at: number;
  agency: string;
  number: string;
  placeAndDate: string;
  code: string;
  applicant: string;
  request: string;
  receivedBy: string;
  receivedOn: string;
  promisedFor: string;
  reason: string;
  newDate: string;
  head: string;
}

export function apologyOf({ dossier, applicant, procedure, headName, place }: Case): Result<Apology> {
  const { extension } = dossier;
  const act = dossier.acts.extended;
  if (act === undefined || extension === null)
    return notIssued('form 04', 'the deadline was not extended; it is issued with the extension');
  return success({
    at: act.at,
    agency: act.agency.name,
    number: paperNumber(dossier.code, 'PXL'),
    placeAndDate: placeAndDate(place(act.agency.agencyId, act.at), act.at),
    code: dossier.code,
    applicant: applicant.fullName,
    request: procedure.name,
    receivedBy: (dossier.acts.accepted ?? act).agency.name,
    receivedOn: dayInWords(dossier.lodgedAt),
    promisedFor: momentInWords(extension.from),
    reason: extension.reason,
    newDate: momentInWords(extension.to),
    head: headName(act.agency.agencyId, act.at),
  });
}

export const apologyPaper = (form: Apology): Paper => ({
  title: `Phiếu xin lỗi và hẹn lại ngày trả kết quả ${form.code}`,
  orientation: 'portrait',
  at: form.at,
  blocks: [
    {
      kind: 'letterhead',
      agency: capitals(form.agency),
      unit: '',
      number: form.number,
      placeAndDate: form.placeAndDate,
      code: '',
    },
    {
      kind: 'title',
      text: 'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ',
      note: '',
    },
    { kind: 'paragraph', align: 'center', runs: [{ text: `Kính gửi: ${form.applicant}` }] },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `N${form.receivedOn.slice(1)}, ${form.receivedBy} tiếp nhận hồ sơ của Ông/Bà (hoặc tổ chức); mã hồ sơ: ${form.code}; nội dung yêu cầu giải quyết: ${form.request}.`,
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
          text: `Tuy nhiên, ${form.agency} chưa thể trả kết quả giải quyết hồ sơ của Ông/Bà (hoặc tổ chức) đúng thời hạn ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.`,
        },
      ],
    },
    { kind: 'fields', lines: [[{ label: 'Lý do', value: form.reason }]] },
    {
      kind: 'paragraph',
      runs: [
        {
          text: 'Sự chậm trễ này đã gây phiền hà, tốn kém về thời gian, công sức của Ông/Bà (hoặc tổ chức).',
        },
      ],
    },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `${form.agency} xin lỗi Ông/Bà (hoặc tổ chức) và sẽ trả kết quả giải quyết hồ sơ vào lúc ${form.newDate}.`,
        },
      ],
    },
    {
      kind: 'paragraph',
      runs: [{ text: 'Mong nhận được sự thông cảm của Ông/Bà (hoặc tổ chức) vì sự chậm trễ này./.' }],
    },
    {
      kind: 'signatures',
      parties: [
        {
          title: 'THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ',
          hint: '(Ký số hoặc ký tên và đóng dấu)',
          name: form.head,
        },
      ],
    },
  ],
});
