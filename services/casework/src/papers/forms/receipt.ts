import { Form, type Paper as HandedIn } from '@lienthong/contracts/casework';
import { type Result, success } from '@lienthong/kit';
import type { Block, Paper } from '@lienthong/paper';
import { type ComputedFee, explainFee, groupThousands, totalOf } from '@lienthong/workflow';
import { dayInFigures, momentInSentence, momentInWords } from '@lienthong/working-time';
import type { Acts, Dossier, Payment } from '../../domain/dossier/state.ts';
import { amountVi, through } from '../../domain/history/words.ts';
import { countInWords, durationInWords } from '../../domain/wording/durations.ts';
import { contactLines, type PrintedApplicant, printApplicant, printSubmitter } from '../applicant.ts';
import { type Case, notIssued } from '../case.ts';
import { dueOnPaper } from '../due.ts';
import { type Head, headOf, lawNote, letterheadOf, signatureHint } from '../head.ts';
import { counterOf, resultReturnOf } from '../result-return.ts';

/** Giấy tiếp nhận hồ sơ và hẹn trả kết quả. */
export interface Receipt {
  head: Head;
  applicant: PrintedApplicant;
  request: string;
  papers: string[];
  timeLimit: string;
  /** Undefined when it was not computed. */
  fee: string | undefined;
  receivedAt: string;
  dueAt: string;
  resultAt: string;
  /** The agency that solves the matter. */
  solvedBy: string;
  /** Who handed the dossier in for the applicant, with the authorisation; '' for the applicant. */
  submitter: string;
  /** Who signs for the dossier. */
  handedInBy: string;
  /** The book and the number in it. */
  register: { book: string; number: string };
  receivedBy: string;
  /** Where the applicant follows the dossier; '' for no such page. */
  trackingUrl: string;
  /** What has changed since the acceptance, for a paper that is printed again. */
  changed: string[];
}

/** The paper states what was so at the acceptance, whenever it is printed. */
export function receiptOf(from: Case): Result<Receipt> {
  const { dossier, applicant, procedure, caseName, officerName } = from;
  const act = dossier.acts.accepted;
  if (act === undefined)
    return notIssued('the receipt', 'the dossier was not accepted; it is issued with the acceptance');
  const [day = '', number = ''] = dossier.code.split('-').slice(-2);
  const head = headOf(from, Form.RECEIPT, 'TNHS', act, 'one-stop unit');
  return success({
    head,
    applicant: printApplicant(applicant),
    request: [`${procedure.name} (mã thủ tục: ${procedure.code})`, ...(caseName ? [caseName] : [])].join(
      '; ',
    ),
    papers: dossier.papers.slice(0, act.papers).map(handedIn),
    timeLimit: dossier.clock === null ? 'không quy định' : durationInWords(dossier.clock.duration),
    fee: dossier.fees === null ? undefined : feeInWords(dossier.fees.each),
    receivedAt: momentInWords(dossier.lodgedAt),
    dueAt: act.dueAt
      ? dueOnPaper(momentInWords, act.dueAt, act.provisional)
      : appointment(dossier, momentInWords),
    resultAt: resultReturnOf(from, counterOf(from, act)),
    solvedBy: (act.competent ?? act.agency).name,
    submitter: printSubmitter(applicant),
    handedInBy: applicant.submitter?.fullName ?? applicant.fullName,
    register: { book: `20${day.slice(0, 2)}`, number: `${day}-${number}` },
    receivedBy: officerName(act.officerId),
    trackingUrl: from.trackingUrl,
    changed: changesSince(from, act),
  });
}

/** The appointment in force, or the reason why none exists. */
function appointment({ clock, dueAt, provisional, pause }: Dossier, write: (at: number) => string): string {
  if (dueAt !== null) return dueOnPaper(write, dueAt, provisional);
  if (pause !== null) return 'đang tạm dừng tính thời hạn; được hẹn lại khi hồ sơ tiếp tục được giải quyết';
  return clock === null
    ? 'thủ tục không quy định thời hạn'
    : 'hồ sơ đã dừng giải quyết, không hẹn trả kết quả';
}

function changesSince({ dossier, oneStop }: Case, act: NonNullable<Acts['accepted']>): string[] {
  const { dueAt, provisional, intake, changedAt, payments } = dossier;
  const changed: string[] = [];
  if (act.dueAt && act.dueAt !== dueAt)
    changed.push(
      `thời gian trả kết quả hẹn khi tiếp nhận là ${momentInSentence(act.dueAt)}; hiện nay: ${appointment(dossier, momentInSentence)}`,
    );
  else if (act.provisional && !provisional && act.dueAt)
    changed.push('thời gian trả kết quả không còn là tạm tính');
  changed.push(...payments.map(paid));
  if (intake.agencyId !== act.agency.agencyId)
    changed.push(`nơi tiếp nhận và trả kết quả hiện nay: ${oneStop(intake, changedAt).title}`);
  return changed;
}

const feeInWords = (each: readonly ComputedFee[]): string =>
  each.length === 0
    ? 'không thu'
    : `${groupThousands(totalOf(each))} đồng (${each.map((fee) => explainFee(fee).vi).join('; ')})`;

const paid = ({ amountVnd, provider, receipt, at }: Payment): string =>
  `đã nộp ${amountVi(BigInt(amountVnd))}${through(provider)} ngày ${dayInFigures(at)}, biên lai số ${receipt}`;

function handedIn({ name, sha256, originals, copies }: HandedIn): string {
  const parts = [
    ...(originals > 0 ? [`bản chính: ${countInWords(originals)}`] : []),
    ...(copies > 0 ? [`bản sao: ${countInWords(copies)}`] : []),
    ...(sha256 === '' ? [] : ['bản điện tử']),
  ];
  return parts.length === 0 ? name : `${name} (${parts.join('; ')})`;
}

const trackingCode = (text: string): Block => ({
  kind: 'qr',
  text,
  caption: 'Quét mã để tra cứu hồ sơ, rồi nhập mã tra cứu được cấp khi nộp.',
});

export const receiptPaper = (form: Receipt): Paper => ({
  title: `Giấy tiếp nhận hồ sơ và hẹn trả kết quả ${form.head.code}`,
  orientation: 'portrait',
  at: form.head.at,
  blocks: [
    letterheadOf(form.head, form.head.code),
    {
      kind: 'title',
      text: 'GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ',
      note: '(Liên: Lưu/giao tổ chức, cá nhân)',
    },
    {
      kind: 'fields',
      lines: [
        [{ label: form.head.unit?.name ?? '', value: form.head.agency }],
        [{ label: 'Tiếp nhận hồ sơ của', value: form.applicant.name }],
        ...contactLines(form.applicant),
        ...(form.submitter === '' ? [] : [[{ label: 'Người nộp hồ sơ', value: form.submitter }]]),
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
        [{ label: '6. Nhận kết quả tại', value: form.resultAt }],
        // The form has no line for it; it stands after the numbered ones.
        ...(form.fee === undefined ? [] : [[{ label: 'Phí, lệ phí', value: form.fee }]]),
        [{ label: 'Cơ quan giải quyết hồ sơ', value: form.solvedBy }],
        [
          { label: 'Vào Sổ theo dõi hồ sơ, Quyển số', value: form.register.book },
          { label: 'Số thứ tự', value: form.register.number },
        ],
      ],
    },
    {
      kind: 'signatures',
      parties: [
        { title: 'NGƯỜI NỘP HỒ SƠ', hint: '(Ký và ghi rõ họ tên)', name: form.handedInBy },
        { title: 'NGƯỜI TIẾP NHẬN HỒ SƠ', hint: signatureHint(form.head), name: form.receivedBy },
      ],
    },
    ...(form.trackingUrl === '' ? [] : [trackingCode(form.trackingUrl)]),
    lawNote(
      form.head,
      ...(form.changed.length === 0 ? [] : [`Bản in lại: ${form.changed.join('; ')}.`]),
      `${form.applicant.salutation} có thể tra cứu tình trạng giải quyết hồ sơ bằng mã hồ sơ và mã tra cứu được cấp khi nộp hồ sơ.`,
    ),
  ],
});
