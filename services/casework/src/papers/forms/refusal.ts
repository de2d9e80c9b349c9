import { type Result, readablePhone, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import type { Case } from '../case.ts';
import { notIssued, ONE_STOP, ONE_STOP_HEAD, paperNumber, placeAndDate } from '../case.ts';
import { capitals } from '../vietnamese.ts';

/** Form 03: Phiếu từ chối tiếp nhận giải quyết hồ sơ. */
export interface RefusalForm {
  at: number;
  agency: string;
  number: string;
  placeAndDate: string;
  code: string;
  applicant: { name: string; address: string; phone: string; email: string };
  request: string;
  reason: string;
  refusedBy: string;
}

export function refusalOf({ dossier, applicant, procedure, officerName, place }: Case): Result<RefusalForm> {
  const act = dossier.acts.refused;
  if (act === undefined)
    return notIssued('form 03', 'the dossier was not refused; it is issued with the refusal');
  // The one-stop unit that took the dossier in informs the citizen, whichever agency decided.
  const agency = (dossier.acts.accepted ?? act).agency;
  return success({
    at: act.at,
    agency: agency.name,
    number: paperNumber(dossier.code, 'TCHS'),
    placeAndDate: placeAndDate(place(agency.agencyId, act.at), act.at),
    code: dossier.code,
    applicant: {
      name: applicant.fullName,
      address: applicant.address,
      phone: readablePhone(applicant.phone),
      email: applicant.email,
    },
    request: procedure.name,
    reason: dossier.reason,
    refusedBy: act.agency.agencyId === agency.agencyId ? officerName(act.officerId) : '',
  });
}

export const refusalPaper = (form: RefusalForm): Paper => ({
  title: `Phiếu từ chối tiếp nhận giải quyết hồ sơ ${form.code}`,
  orientation: 'portrait',
  at: form.at,
  blocks: [
    {
      kind: 'letterhead',
      agency: capitals(form.agency),
      unit: ONE_STOP_HEAD,
      number: form.number,
      placeAndDate: form.placeAndDate,
      code: '',
    },
    { kind: 'title', text: 'PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ', note: '' },
    {
      kind: 'fields',
      lines: [
        [{ label: ONE_STOP, value: form.agency }],
        [{ label: 'Tiếp nhận hồ sơ của', value: form.applicant.name }],
        [{ label: 'Mã hồ sơ', value: form.code }],
        [{ label: 'Địa chỉ', value: form.applicant.address }],
        [
          { label: 'Số điện thoại', value: form.applicant.phone },
          { label: 'Email', value: form.applicant.email },
        ],
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
      ],
    },
    {
      kind: 'paragraph',
      runs: [
        {
          text: `Qua xem xét, ${ONE_STOP} ${form.agency} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:`,
        },
      ],
    },
    { kind: 'paragraph', runs: [{ text: form.reason }] },
    { kind: 'paragraph', runs: [{ text: 'Xin thông báo cho Ông/Bà được biết và thực hiện./.' }] },
    {
      kind: 'signatures',
      parties: [
        { title: 'NGƯỜI NỘP HỒ SƠ', hint: '(Ký và ghi rõ họ tên)', name: form.applicant.name },
        { title: 'NGƯỜI TIẾP NHẬN HỒ SƠ', hint: '(Ký và ghi rõ họ tên)', name: form.refusedBy },
      ],
    },
  ],
});
