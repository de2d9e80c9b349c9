import { type Result, readablePhone, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import type { Case } from '../case.ts';
import { notIssued, ONE_STOP_HEAD, paperNumber, placeAndDate } from '../case.ts';
import { capitals } from '../vietnamese.ts';

/** Form 02: Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ. */
export interface SupplementRequest {
  at: number;
  agency: string;
  /** True when the requesting agency is the intake agency. */
  atOneStop: boolean;
  number: string;
  placeAndDate: string;
  code: string;
  applicant: { name: string; address: string; phone: string; email: string };
  request: string;
  missing: string[];
  askedBy: string;
}

export function supplementRequestOf(from: Case): Result<SupplementRequest> {
  const { dossier, applicant, procedure, officerName, place } = from;
  const act = dossier.acts.supplement;
  if (act === undefined)
    return notIssued('form 02', 'no supplement was requested; the form is issued with the request');
  return success({
    at: act.at,
    agency: act.agency.name,
    atOneStop: [dossier.intake.agencyId, dossier.lodgedWith].includes(act.agency.agencyId),
    number: paperNumber(dossier.code, 'HDHS'),
    placeAndDate: placeAndDate(place(act.agency.agencyId, act.at), act.at),
    code: dossier.code,
    applicant: {
      name: applicant.fullName,
      address: applicant.address,
      phone: readablePhone(applicant.phone),
      email: applicant.email,
    },
    request: procedure.name,
    missing: itemsOf(act.content),
    askedBy: officerName(act.officerId),
  });
}

/** One item per line, without its own number: the list numbers the items. */
const itemsOf = (content: string): string[] =>
  content
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\d{1,2}[.)]|[-–•+])\s+/u, '').trim())
    .filter((line) => line !== '');

export const supplementRequestPaper = (form: SupplementRequest): Paper => ({
  title: `Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ ${form.code}`,
  orientation: 'portrait',
  at: form.at,
  blocks: [
    {
      kind: 'letterhead',
      agency: capitals(form.agency),
      unit: form.atOneStop ? ONE_STOP_HEAD : '',
      number: form.number,
      placeAndDate: form.placeAndDate,
      code: '',
    },
    { kind: 'title', text: 'PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ', note: '' },
    {
      kind: 'fields',
      lines: [
        [{ label: 'Hồ sơ của', value: form.applicant.name }],
        [{ label: 'Mã hồ sơ', value: form.code }],
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
        [{ label: 'Địa chỉ', value: form.applicant.address }],
        [
          { label: 'Số điện thoại', value: form.applicant.phone },
          { label: 'Email', value: form.applicant.email },
        ],
        [{ label: 'Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau', value: '' }],
      ],
    },
    { kind: 'list', items: form.missing },
    {
      kind: 'fields',
      lines: [[{ label: 'Lý do', value: 'hồ sơ chưa đầy đủ, chưa chính xác theo quy định.' }]],
    },
    {
      kind: 'paragraph',
      // NĐ 61/2018/NĐ-CP, điều 17.
      runs: [
        { text: 'Thời hạn giải quyết được tính lại từ đầu sau khi cơ quan có thẩm quyền nhận đủ hồ sơ.' },
      ],
    },
    {
      kind: 'paragraph',
      runs: [
        { text: 'Trong quá trình hoàn thiện hồ sơ, nếu có vướng mắc, Ông/Bà liên hệ với ' },
        { text: form.askedBy === '' ? form.agency : `${form.askedBy}, ${form.agency}` },
        { text: ' để được hướng dẫn./.' },
      ],
    },
    {
      kind: 'signatures',
      parties: [{ title: 'NGƯỜI HƯỚNG DẪN', hint: '(Ký và ghi rõ họ tên)', name: form.askedBy }],
    },
  ],
});
