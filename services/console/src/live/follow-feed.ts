import { type AgencyClient, LienThongError, Status } from '@lienthong/client';
import { problemOf } from '../http/problem.ts';
import type { Line } from './line.ts';

export interface FollowFeedOptions {
  /** With the person's own token. */
  client: AgencyClient;
  /** Of the last event that the page has; '' for a page that begins. */
  cursor: string;
  heartbeatMs: number;
}

/**
 * Brings what happens to a page until its line ends, or the platform refuses to go on.
 *
 * | event | what the page does |
 * |---|---|
 * | `ready` | nothing was missed; what it reads from now on is followed |
 * | `reload` | it has missed something: it reads everything again |
 * | `event` | it reads again what the event is about |
 * | `heartbeat` | nothing; without one for three intervals the platform is away |
 * | `signed-out`, `refused` | it closes the line |
 */
export async function followFeed(line: Line, { client, cursor, heartbeatMs }: FollowFeedOptions) {
  for (let first = 'ready', from = cursor; ; ) {
    try {
      return await follow(from, first);
    } catch (error) {
      if (line.signal.aborted) return;
      if (isOfCursor(error)) {
        [first, from] = ['reload', ''];
        continue;
      }
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      await line.send(
        problem.status === 401 ? { event: 'signed-out', data: {} } : { event: 'refused', data: problem },
      );
      return;
    }
  }

  async function follow(from: string, first: string): Promise<void> {
    let name = first;
    const events = client.follow({
      cursor: from,
      heartbeatMs,
      signal: line.signal,
      onHeartbeat(id) {
        void line.send({ event: name, id, data: {} });
        name = 'heartbeat';
      },
    });
    for await (const { cursor: id, payload: _, traceparent: __, ...about } of events)
      await line.send({ event: 'event', id, data: { ...about, sequence: String(about.sequence) } });
  }
}

const isOfCursor = (error: unknown): boolean =>
  error instanceof LienThongError &&
  (error.reason === 'CURSOR_TOO_OLD' ||
    (error.code === Status.INVALID_ARGUMENT && error.violations.some(({ field }) => field === 'cursor')));
