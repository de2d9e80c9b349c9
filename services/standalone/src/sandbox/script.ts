/** What the agencies of the sandbox that answer by themselves do, and when. Pure. */
import { type Delivery, DeliveryState, DeliveryStatus, type StatusEntry } from '@lienthong/contracts/routing';

export interface Reply {
  /** After the document was sent, by the clock of the sandbox. */
  afterMinutes: number;
  status: DeliveryStatus;
  reason?: string;
  assignee?: string;
}

export interface Counterpart {
  /** The end of its code, after the province's. */
  suffix: string;
  /** For people. */
  does: string;
  /** To each document, in this order. */
  replies: readonly Reply[];
  /** To the request to recall, update or replace a document; absent: it does not answer. */
  toChange?: Reply;
  /** How long it works on a task of a dossier; absent: it leaves its tasks. */
  taskMinutes?: number;
}

const S = DeliveryStatus;
const HOUR = 60;
const DAY = 24 * HOUR;
const refusal = (reason: string) => `${reason} (cơ quan mô phỏng)`;

export const COUNTERPARTS: readonly Counterpart[] = [
  {
    suffix: 'YTE',
    does: 'nhận và giải quyết mọi văn bản trong ngày, đồng ý thu hồi, xử lý hồ sơ sau một giờ',
    replies: [
      { afterMinutes: 0, status: S.ARRIVED },
      { afterMinutes: 5, status: S.ACCEPTED },
      { afterMinutes: 30, status: S.ASSIGNED, assignee: 'Trần Văn Mẫu' },
      { afterMinutes: HOUR, status: S.IN_PROGRESS },
      { afterMinutes: 8 * HOUR, status: S.DONE },
    ],
    toChange: { afterMinutes: 0, status: S.RECALL_AGREED },
    taskMinutes: HOUR,
  },
  {
    suffix: 'VHTTDL',
    does: 'từ chối mọi văn bản sau 15 phút',
    replies: [
      { afterMinutes: 0, status: S.ARRIVED },
      {
        afterMinutes: 15,
        status: S.REFUSED,
        reason: refusal('Văn bản gửi không đúng nơi có thẩm quyền giải quyết'),
      },
    ],
  },
  {
    suffix: 'NNMT',
    does: 'tiếp nhận sau hai ngày, giải quyết sau mười ngày, không đồng ý thu hồi, xử lý hồ sơ sau ba ngày',
    replies: [
      { afterMinutes: 0, status: S.ARRIVED },
      { afterMinutes: 2 * DAY, status: S.ACCEPTED },
      { afterMinutes: 10 * DAY, status: S.DONE },
    ],
    toChange: {
      afterMinutes: 0,
      status: S.RECALL_REFUSED,
      reason: refusal('Văn bản đang được giải quyết'),
    },
    taskMinutes: 3 * DAY,
  },
  { suffix: 'CT', does: 'không bao giờ trả lời', replies: [] },
];

type Standing = Pick<Delivery, 'state' | 'status' | 'sentAt' | 'pending'>;

/** The next report of a counterpart on a delivery, and when it is due; undefined: it reports nothing any more. */
export function nextReply(
  { replies, toChange }: Counterpart,
  { state, status, sentAt, pending }: Standing,
): { reply: Reply; at: Date } | undefined {
  if (sentAt === undefined) return undefined;
  // What is done may still be recalled.
  const isLive = state === DeliveryState.OPEN || state === DeliveryState.DONE;
  if (pending !== undefined) return isLive && toChange ? { reply: toChange, at: sentAt } : undefined;
  if (state !== DeliveryState.OPEN) return undefined;
  const given = replies.findIndex((one) => one.status === status);
  if (given < 0 && status !== S.UNSPECIFIED) return undefined;
  const reply = replies[given + 1];
  return reply && { reply, at: after(sentAt, reply.afterMinutes) };
}

/** The status of the work itself: answers to requests to change it stand beside it. */
export function workStatus(history: readonly StatusEntry[]): DeliveryStatus {
  const ofWork = history.findLast(
    ({ status, late, reroute }) => !late && reroute === undefined && status < S.RECALL_REQUESTED,
  );
  return ofWork?.status ?? S.UNSPECIFIED;
}

export const after = (moment: Date, minutes: number): Date => new Date(moment.getTime() + minutes * 60_000);
