import type { Paper as HandedIn } from '@lienthong/contracts/casework';
import { type Result, readablePhone, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import type { Case } from '../case.ts';
import { notIssued, ONE_STOP, ONE_STOP_HEAD, paperNumber, placeAndDate } from '../case.ts';
import { capitals, countInWords, durationInWords, momentInWords } from '../vietnamese.ts';

/** Form 01: Giấy tiếp nhận hồ sơ và hẹn trả kết quả. */
export interface Receipt {
  at: number;
  agency: string;
  number: string;
  placeAndDate: string;
  code: string;
  applicant: { name: string; address: string; phone: string; email: string };
  request: string;
  papers: string[];
  timeLimit: string;
  receivedAt: string;
  dueAt: string;
  /** The book and the number in it. */
  register: { book: string; number: string };
  receivedBy: string;
  /** The agency whose one-stop unit returns the result: the intake agency or its successor. */
  resultAt: string;
}

export function receiptOf({ dossier, applicant, procedure, officerName, place }: Case): Result<Receipt> {
  const act = dossier.acts.accepted;
  if (act === undefined)
    return notIssued('form 01', 'the dossier was not accepted; it is issued with the acceptance');
  const [day = '', number = ''] = dossier.code.split('-').slice(-2);
  return success({
    at: act.at,
    agency: act.agency.name,
    number: paperNumber(dossier.code, 'TNHS'),
    placeAndDate: placeAndDate(place(act.agency.agencyId, act.at), act.at),
    code: dossier.code,
    applicant: {
      name: applicant.fullName,
      address: applicant.address,
      phone: readablePhone(applicant.phone),
      email: applicant.email,
    },
    request: `${procedure.name} (mã thủ tục: ${procedure.code})`,
    papers: dossier.papers.map(handedIn),
    timeLimit: dossier.clock === null ? 'không quy định' : durationInWords(dossier.clock.duration),
    receivedAt: momentInWords(dossier.lodgedAt),
    dueAt: appointment(dossier),
    register: { book: `20${day.slice(0, 2)}`, number: `${day}-${number}` },
    receivedBy: officerName(act.officerId),
    resultAt: dossier.intake.name,
  });
}

/** The appointment in force, or the reason why none exists. */
function appointment({ clock, dueAt, pause }: Case['dossier']): string {
  if (dueAt !== null) return momentInWords(dueAt);
  if (pause !== null) return 'đang tạm dừng tính thời hạn; được hẹn lại khi hồ sơ tiếp tục được giải quyết';
  return clock === null
    ? 'thủ tục không quy định thời hạn'
    : 'hồ sơ đã dừng giải quyết, không hẹn trả kết quả';
}

function handedIn({ name, sha256, originals, copies }: HandedIn): string {
  const parts = [
    ...(originals > 0 ? [`bản chính: ${countInWords(originals)}`] : []),
    ...(copies > 0 ? [`bản sao: ${countInWords(copies)}`] : []),
    ...(sha256 === '' ? [] : ['bản điện tử']),
  ];
  return parts.length === 0 ? name : `${name} (${parts.join('; ')})`;
}

export const receiptPaper = (form: Receipt): Paper => ({
  title: `Giấy tiếp nhận hồ sơ và hẹn trả kết quả ${form.code}`,
  orientation: 'portrait',
  at: form.at,
  blocks: [
    {
      kind: 'letterhead',
      agency: capitals(form.agency),
      unit: ONE_STOP_HEAD,
      number: form.number,
      placeAndDate: form.placeAndDate,
      code: form.code,
    },
    {
      kind: 'title',
      text: 'GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ',
      note: '(Liên: Lưu/giao tổ chức, cá nhân)',
    },
    {
      kind: 'fields',
      lines: [
        [{ label: ONE_STOP, value: form.agency }],
        [{ label: 'Tiếp nhận hồ sơ của', value: form.applicant.name }],
        [{ label: 'Địa chỉ', value: form.applicant.address }],
        [
          { label: 'Số điện thoại', value: form.applicant.phone },
          { label: 'Email', value: form.applicant.email },
        ],
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
        [{ label: '1. Thành phần hồ sơ nộp gồm', value: form.papers.length === 0 ? 'không có giấy tờ' : '' }],
      ],
    },
    { kind: 'list', items: form.papers },
    {
      kind: 'fields',
      lines: [
        // A dossier is one set of papers; the platform does not take in a second one.
        [{ label: '2. Số lượng hồ sơ', value: '01 (bộ)' }],
        [{ label: '3. Thời gian giải quyết hồ sơ theo quy định là', value: form.timeLimit }],
        [{ label: '4. Thời gian nhận hồ sơ', value: form.receivedAt }],
        [{ label: '5. Thời gian trả kết quả giải quyết hồ sơ', value: form.dueAt }],
        // The result is returned at the intake agency.
        [{ label: '6. Nhận kết quả tại', value: `${ONE_STOP}, ${form.resultAt}` }],
        [
          { label: 'Vào Sổ theo dõi hồ sơ, Quyển số', value: form.register.book },
          { label: 'Số thứ tự', value: form.register.number },
        ],
      ],
    },
    {
      kind: 'signatures',
      parties: [
        { title: 'NGƯỜI NỘP HỒ SƠ', hint: '(Ký và ghi rõ họ tên)', name: form.applicant.name },
        { title: 'NGƯỜI TIẾP NHẬN HỒ SƠ', hint: '(Ký và ghi rõ họ tên)', name: form.receivedBy },
      ],
    },
    {
      kind: 'note',
      text: 'Ông/Bà có thể tra cứu tình trạng giải quyết hồ sơ bằng mã hồ sơ và mã tra cứu được cấp khi nộp hồ sơ.',
    },
  ],
});
