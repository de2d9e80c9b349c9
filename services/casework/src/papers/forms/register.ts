import { type Applicant, DossierStatus } from '@lienthong/contracts/casework';
import { readablePhone } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { properName } from '@lienthong/reference-data';
import { dateInWords, dayInFigures, PROVISIONAL } from '@lienthong/working-time';
import type { Dossier, Task } from '../../domain/dossier/state.ts';
import type { OneStopUnit } from '../../domain/law/one-stop.ts';
import { capitals } from '../../domain/wording/names.ts';
import type { FormInForce } from '../head.ts';
import { returnWayOf } from '../result-return.ts';

/** Sổ theo dõi hồ sơ. */
export interface Register {
  at: number;
  unit: OneStopUnit;
  form: FormInForce;
  /** YYYY-MM-DD, both inclusive. */
  from: string;
  to: string;
  entries: readonly Entry[];
}

/** One dossier of the register; instants are epoch milliseconds, null for what has not happened yet. */
export interface Entry {
  code: string;
  procedure: string;
  applicant: string;
  address: string;
  phone: string;
  /** The agency that decides; empty before any has had the dossier. */
  solvedBy: string;
  receivedAt: number;
  dueAt: number | null;
  dueProvisional: boolean;
  passedOnAt: number | null;
  finishedAt: number | null;
  returnedAt: number | null;
  returnWay: string;
  note: string;
}

const day = (at: number | null): string => (at === null ? '' : dayInFigures(at));

const DATES = 'Ngày, tháng, năm';
const RETURN = 'Trả kết quả';

export const registerPaper = (form: Register): Paper => ({
  title: `Sổ theo dõi hồ sơ từ ${dateInWords(form.from)} đến ${dateInWords(form.to)}`,
  orientation: 'landscape',
  at: form.at,
  blocks: [
    {
      kind: 'letterhead',
      superior: '',
      agency: capitals(form.unit.agency),
      unit: form.unit.letterhead,
      number: '',
      placeAndDate: '',
      code: '',
    },
    {
      kind: 'title',
      text: 'SỔ THEO DÕI HỒ SƠ',
      note: `Từ ${dateInWords(form.from)} đến ${dateInWords(form.to)}`,
    },
    {
      kind: 'table',
      caption: 'Hồ sơ đã tiếp nhận',
      numbered: true,
      size: 'small',
      empty: 'Không có hồ sơ nào được nộp trong thời gian này.',
      columns: [
        { header: 'TT', width: 3, align: 'center' },
        { header: 'Mã hồ sơ', width: 11 },
        { header: 'Tên thủ tục hành chính', width: 12 },
        { header: 'Số lượng hồ sơ (bộ)', width: 4, align: 'center' },
        { header: 'Tên cá nhân, tổ chức', width: 9 },
        { header: 'Địa chỉ, số điện thoại', width: 11 },
        { header: 'Cơ quan chủ trì giải quyết', width: 9 },
        { header: 'Nhận hồ sơ', group: DATES, width: 6, align: 'center' },
        { header: 'Hẹn trả kết quả', group: DATES, width: 6, align: 'center' },
        { header: 'Chuyển hồ sơ đến cơ quan giải quyết', group: DATES, width: 6, align: 'center' },
        { header: 'Nhận kết quả từ cơ quan giải quyết', group: DATES, width: 6, align: 'center' },
        { header: 'Ngày, tháng, năm', group: RETURN, width: 6, align: 'center' },
        { header: 'Phương thức nhận kết quả', group: RETURN, width: 5, align: 'center' },
        { header: 'Ký nhận', group: RETURN, width: 4, align: 'center' },
        { header: 'Ghi chú', width: 6 },
      ],
      rows: form.entries.map((entry, index) => [
        String(index + 1),
        entry.code,
        entry.procedure,
        '01',
        entry.applicant,
        [entry.address, entry.phone].filter((text) => text !== '').join('\n'),
        entry.solvedBy,
        day(entry.receivedAt),
        entry.dueProvisional ? `${day(entry.dueAt)}\n${PROVISIONAL}` : day(entry.dueAt),
        day(entry.passedOnAt),
        day(entry.finishedAt),
        day(entry.returnedAt),
        entry.returnWay,
        // Signed by hand.
        '',
        entry.note,
      ]),
    },
    { kind: 'note', text: `Mẫu số ${form.form.number} theo ${form.form.source}.` },
  ],
});

/** A dossier's line; `steps` are its steps' tasks, by number. */
export function entryOf(
  dossier: Dossier,
  steps: readonly Task[],
  applicant: Applicant,
  procedure: string,
): Entry {
  const leading = steps.filter(({ lead }) => lead);
  // When no other agency decides, the intake agency does.
  const last =
    leading.findLast(({ agency }) => agency.agencyId !== dossier.intake.agencyId) ?? leading.at(-1);
  const first = leading.find(({ agency }) => agency.agencyId === last?.agency.agencyId);
  return {
    code: dossier.code,
    procedure,
    applicant: applicant.fullName,
    address: applicant.address,
    phone: readablePhone(applicant.phone),
    solvedBy: properName(last?.agency.name ?? ''),
    receivedAt: dossier.lodgedAt,
    dueAt: dossier.dueAt,
    dueProvisional: dossier.provisional,
    passedOnAt: first?.openedAt ?? null,
    finishedAt: dossier.finishedAt,
    returnedAt: dossier.returnedAt,
    returnWay: returnWayOf(dossier),
    note: [
      STANDS[dossier.status] ?? '',
      dossier.extension === null ? '' : 'Đã xin lỗi và hẹn lại ngày trả kết quả',
    ]
      .filter((text) => text !== '')
      .join('; '),
  };
}

const STANDS: Partial<Record<DossierStatus, string>> = {
  [DossierStatus.REGISTERED]: 'Chưa tiếp nhận',
  [DossierStatus.REFUSED]: 'Từ chối tiếp nhận',
  [DossierStatus.SUPPLEMENT_REQUESTED]: 'Chờ bổ sung hồ sơ',
  [DossierStatus.PAYMENT_REQUESTED]: 'Chờ thực hiện nghĩa vụ tài chính',
  [DossierStatus.WITHDRAWN]: 'Đã rút hồ sơ',
  [DossierStatus.STOPPED]: 'Dừng xử lý',
};
