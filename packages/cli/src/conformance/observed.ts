/** What was seen of a system's calls, and what follows from it. Pure. */
import type { Finding } from './report.ts';

/** A change, once or several times. */
export interface SeenChange {
  path: string;
  requestId: string;
  /** Its request without the request_id. */
  body: string;
  /** The reply was lost. */
  isLost: boolean;
}

/** A stream of events. */
export interface SeenStream {
  /** Where it was to begin; empty: anywhere. */
  cursor: string;
  /** The cursors of what has come by it. */
  came: readonly string[];
  isLost: boolean;
}

export interface Seen {
  /** In the order in which they came. */
  changes: readonly SeenChange[];
  streams: readonly SeenStream[];
  calls: number;
  /** Methods that were called without a deadline. */
  endless: ReadonlySet<string>;
}

/** Only what has come up is judged; nothing at all is a finding too. */
export function judge({ changes, streams, calls, endless }: Seen): Finding[] {
  if (calls === 0)
    return [
      {
        check: 'hệ thống gọi qua đường này / the system calls through this line',
        expected: 'calls',
        found: 'none',
        passed: false,
      },
    ];
  return [
    {
      check: 'mỗi lời gọi có hạn chờ / each call has a deadline',
      expected: 'grpc-timeout',
      found: endless.size === 0 ? `${calls} calls` : `none on ${[...endless].sort().join(', ')}`,
      passed: endless.size === 0,
    },
    ...judgeChanges(changes),
    ...judgeStreams(streams),
  ];
}

const AGAIN = 'again, the same';

function judgeChanges(changes: readonly SeenChange[]): Finding[] {
  const lost = changes.flatMap((one, at) => (one.isLost ? [repeated(one, changes.slice(at + 1))] : []));
  if (lost.length === 0) return [];
  return [
    {
      check: 'mất trả lời thì gửi lại y nguyên / a change whose reply was lost is sent again as it was',
      expected: AGAIN,
      found: counted(lost),
      passed: lost.every((one) => one === AGAIN),
    },
  ];
}

/** How a change whose reply was lost came again. */
function repeated({ path, requestId, body }: SeenChange, later: readonly SeenChange[]): string {
  const method = path.slice(path.lastIndexOf('/') + 1);
  const same = later.find((one) => one.path === path && one.requestId === requestId);
  if (same) return same.body === body ? AGAIN : `${method} changed under the same request_id`;
  return later.some((one) => one.path === path && one.body === body)
    ? `${method} with another request_id: done twice`
    : `${method} not again: whether it was done is not known`;
}

const ON = 'from a cursor that had come';

function judgeStreams(streams: readonly SeenStream[]): Finding[] {
  const lost = streams.flatMap((one, at) => (one.isLost ? [resumed(one, streams.slice(at + 1))] : []));
  if (lost.length === 0) return [];
  return [
    {
      check: 'mất đường thì đọc tiếp từ con trỏ / after a lost line events go on from a cursor',
      expected: ON,
      found: counted(lost),
      passed: lost.every((one) => one === ON),
    },
  ];
}

/** A system may follow for several agencies at once, so any of the later streams may be the one that goes on. */
function resumed({ cursor, came }: SeenStream, later: readonly SeenStream[]): string {
  // The one that it began with, when nothing after it was kept before the line was lost.
  const had = new Set([cursor, ...came].filter(Boolean));
  if (later.some((one) => had.has(one.cursor))) return ON;
  const [next] = later;
  if (next === undefined) return 'not again: later events are not read';
  return next.cursor === ''
    ? 'without a cursor: events are lost, or all come again'
    : 'from a cursor that had not come';
}

/** Each text once, with how often it is there. */
function counted(texts: readonly string[]): string {
  return [...new Set(texts)]
    .map((text) => `${texts.filter((one) => one === text).length} ${text}`)
    .join('; ');
}
