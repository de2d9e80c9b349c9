import { Form, type Party, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { type Result, success } from '@lienthong/kit';
import type { Paper } from '@lienthong/paper';
import { momentInWords } from '@lienthong/working-time';
import type { Task } from '../../domain/dossier/state.ts';
import { type Case, notIssued } from '../case.ts';
import { type Head, headOf, lawNote, letterheadOf } from '../head.ts';

/** Phiếu kiểm soát quá trình giải quyết hồ sơ. */
export interface ControlSheet {
  head: Head;
  request: string;
  receivedAt: string;
  solvedBy: string[];
  workedWith: string[];
  passings: Passing[];
}

/** One officer or unit passes the dossier to the next. */
export interface Passing {
  from: string;
  to: string;
  at: string;
  giver: string;
  receiver: string;
  /** How the receiver completed it: in time or not; empty while the receiver has it. */
  result: string;
  note: string;
}

export function controlSheetOf(from: Case): Result<ControlSheet> {
  const { dossier, procedure } = from;
  const act = dossier.acts.accepted;
  if (act === undefined)
    return notIssued(
      'the control sheet',
      'the dossier was not accepted; it goes with the dossier from the acceptance on',
    );
  // The one-stop unit's own decision comes before the first hand-over.
  const tasks = from.tasks.filter(({ kind }) => kind !== TaskKind.INTAKE);
  const work = tasks.filter(({ kind }) => kind !== TaskKind.HAND_OVER);
  const solvedBy = namesOf(work.filter(({ lead }) => lead));
  return success({
    head: headOf(from, Form.CONTROL_SHEET, 'PKS', act, 'one-stop unit'),
    request: procedure.name,
    receivedAt: momentInWords(dossier.lodgedAt),
    solvedBy,
    workedWith: namesOf(work.filter(({ lead }) => !lead)).filter((name) => !solvedBy.includes(name)),
    passings: [...tasks.map((task) => passing(from, tasks, task)), ...wayBack(from, tasks)],
  });
}

const namesOf = (tasks: readonly Task[]): string[] => [...new Set(tasks.map(({ agency }) => agency.name))];

function passing(from: Case, tasks: readonly Task[], task: Task): Passing {
  const giver = giverOf(tasks, task);
  const { dossier, officerName } = from;
  return {
    from:
      giver === undefined
        ? from.oneStop(dossier.acts.accepted?.agency ?? dossier.intake, task.openedAt).title
        : giver.agency.name,
    to: task.agency.name,
    at: momentInWords(task.openedAt),
    giver: officerName(
      giver === undefined ? (dossier.acts.accepted?.officerId ?? '') : giverPerson(giver, task),
    ),
    receiver: officerName(task.assigneeId || task.closedBy),
    result: resultOf(from, task),
    note: noteOf(task),
  };
}

/** The consulting agency keeps the dossier, and another officer may close its task later. */
const giverPerson = (giver: Task, { askedFrom }: Task): string =>
  askedFrom > 0 ? giver.assigneeId || giver.closedBy : giver.closedBy;

/** The previous task: of a consultation the consulting task, else the last task that ended before. */
function giverOf(tasks: readonly Task[], task: Task): Task | undefined {
  if (task.askedFrom > 0) return tasks.find(({ number }) => number === task.askedFrom);
  return tasks
    .filter(({ number, state, closedAt }) => number < task.number && handsOn(state) && ended(closedAt, task))
    .sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0) || a.number - b.number)
    .at(-1);
}

const handsOn = (state: TaskState): boolean => state === TaskState.COMPLETED || state === TaskState.RETURNED;
const ended = (closedAt: number | null, before: Task): boolean =>
  closedAt !== null && closedAt <= before.openedAt;

/** The result goes back to the intake agency. */
function wayBack(from: Case, tasks: readonly Task[]): Passing[] {
  const { dossier, officerName } = from;
  if (dossier.finishedAt === null) return [];
  const { finishedAt, dueAt, returnedAt } = dossier;
  const last = tasks.findLast(({ state, closedAt }) => handsOn(state) && closedAt === finishedAt);
  return [
    {
      from: (last?.agency ?? dossier.holder).name,
      to: from.oneStop(dossier.intake, finishedAt).title,
      at: momentInWords(finishedAt),
      giver: officerName(last?.closedBy ?? ''),
      receiver: '',
      result: againstDeadline(from, dossier.intake, finishedAt, dueAt),
      note: [
        'Kết quả giải quyết của toàn bộ hồ sơ.',
        ...(returnedAt === null ? [] : [`Đã trả kết quả: ${momentInWords(returnedAt)}.`]),
      ].join('\n'),
    },
  ];
}

function resultOf(from: Case, { state, closedAt, dueAt, agency }: Task): string {
  if (state === TaskState.EXPIRED) return 'Quá hạn';
  return closedAt === null || !handsOn(state) ? '' : againstDeadline(from, agency, closedAt, dueAt);
}

/** As the statistics count it: early is on an earlier working day; on the day of the deadline it is on time. */
function againstDeadline({ early }: Case, { agencyId }: Party, at: number, dueAt: number | null): string {
  if (dueAt === null) return '';
  if (at > dueAt) return 'Quá hạn';
  return early(agencyId, at, dueAt) ? 'Trước hạn' : 'Đúng hạn';
}

const ENDINGS: Partial<Record<TaskState, string>> = {
  [TaskState.OPEN]: 'Đang giải quyết.',
  [TaskState.RETURNED]: 'Chuyển trả bước trước.',
  [TaskState.CANCELLED]: 'Không phải giải quyết tiếp.',
  [TaskState.EXPIRED]: 'Không trả lời trong thời hạn.',
};

const closing = ({ state }: Task): string => (state === TaskState.COMPLETED ? 'Hoàn thành' : 'Kết thúc');

function noteOf(task: Task): string {
  const ending = ENDINGS[task.state];
  return [
    task.name,
    ...(ending === undefined ? [] : [ending]),
    ...(task.closedAt === null ? [] : [`${closing(task)}: ${momentInWords(task.closedAt)}.`]),
    ...(task.note === '' ? [] : [task.note]),
  ].join('\n');
}

export const controlSheetPaper = ({ head, ...form }: ControlSheet): Paper => ({
  title: `Phiếu kiểm soát quá trình giải quyết hồ sơ ${head.code}`,
  orientation: 'portrait',
  at: head.at,
  blocks: [
    letterheadOf(head),
    { kind: 'title', text: 'PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ', note: '' },
    {
      kind: 'fields',
      lines: [
        [{ label: 'Mã hồ sơ', value: head.code }],
        [{ label: 'Nội dung yêu cầu giải quyết', value: form.request }],
        [{ label: 'Thời gian nhận hồ sơ', value: form.receivedAt }],
        [{ label: 'Cơ quan (bộ phận) giải quyết hồ sơ', value: form.solvedBy.join('; ') }],
        [
          {
            label: 'Cơ quan phối hợp giải quyết hồ sơ',
            value: form.workedWith.length === 0 ? 'không có' : form.workedWith.join('; '),
          },
        ],
      ],
    },
    {
      kind: 'table',
      caption: 'Các lần giao, nhận hồ sơ',
      numbered: false,
      size: 'normal',
      empty: 'Hồ sơ chưa được chuyển giải quyết.',
      columns: [
        { header: 'TÊN CƠ QUAN', width: 27 },
        { header: 'THỜI GIAN GIAO, NHẬN HỒ SƠ', width: 32 },
        { header: 'KẾT QUẢ GIẢI QUYẾT HỒ SƠ\n(Trước hạn/đúng hạn/quá hạn)', width: 18, align: 'center' },
        { header: 'GHI CHÚ', width: 23 },
      ],
      rows: form.passings.map((one, index) => [
        `${index + 1}. Giao: ${one.from}\nNhận: ${one.to}`,
        `${one.at}\nNgười giao: ${one.giver}\nNgười nhận: ${one.receiver}`,
        one.result,
        one.note,
      ]),
    },
    lawNote(head),
  ],
});
