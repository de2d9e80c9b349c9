import type { HttpBindings } from '@hono/node-server';
import type { Logger } from '@lienthong/kit';
import { type Context, Hono } from 'hono';
import { sendProblem } from '../http/problem.ts';
import type { Platform } from '../platform.ts';
import type { Session } from '../session/session.ts';
import { RENEW_MS } from '../session/sign-in.ts';
import { type LineLimits, lineCounts } from './counts.ts';
import { followFeed } from './follow-feed.ts';
import { type Line, openLine } from './line.ts';

export interface LiveOptions {
  platform: Platform;
  sessionOf(c: Context): Promise<Session | undefined>;
  /** As the platform takes it, and as lines are counted by it. */
  addressOf(c: Context): { passed: string; counted: string };
  limits: LineLimits;
  times: LiveTimes;
  log: Logger;
}

export interface LiveTimes {
  heartbeatMs: number;
  /** How long a page may leave an event unread. */
  stalledMs: number;
}

export interface Live {
  routes: Hono<{ Bindings: HttpBindings }>;
  /** Ends all lines: pages open them again elsewhere. */
  end(): void;
}

/** The longest time that a timer takes. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** A line to each page over which it learns what happens, with the person's own token. */
export function createLive({ platform, sessionOf, addressOf, limits, times, log }: LiveOptions): Live {
  const counts = lineCounts(limits);
  const lines = new Set<Line>();
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.get('/api/live', async (c) => {
    if (c.req.method !== 'GET') return c.body(null, 405);
    const session = await sessionOf(c);
    if (session === undefined) return sendProblem(c, SIGNED_OUT);
    const { passed, counted } = addressOf(c);
    const leave = counts.enter(session.id, counted);
    if (leave === undefined) return sendProblem(c, TOO_MANY_LINES);
    const line = openLine(times.stalledMs, () => c.env.outgoing.destroy());
    lines.add(line);
    const timer = endWithSession(line, session);
    line.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      lines.delete(line);
      leave();
    });
    const client = platform.for({ token: session.accessToken, address: passed });
    const cursor = c.req.header('last-event-id') || (c.req.query('cursor') ?? '');
    void followFeed(line, { client, cursor, heartbeatMs: times.heartbeatMs })
      .catch((err) => log.error({ err }, 'a live line broke'))
      .finally(() => line.end());
    // A proxy that collects a response before it passes it on would keep events back.
    return c.body(line.body, 200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  });

  return {
    routes,
    end() {
      for (const line of lines) line.end();
    },
  };
}

/** In time for the page's next line to renew the session; what cannot be renewed any more ends with words. */
function endWithSession(line: Line, { expiresAt, refreshToken }: Session): NodeJS.Timeout {
  const restMs = expiresAt - Date.now();
  const renews = refreshToken !== undefined && restMs > RENEW_MS;
  const end = async () => {
    if (!renews) await line.send({ event: 'signed-out', data: {} });
    line.end();
  };
  return setTimeout(() => void end(), Math.min(renews ? restMs - RENEW_MS : restMs, MOST_TIMER_MS));
}

const SIGNED_OUT = { status: 401, reason: 'SIGNED_OUT', detail: 'sign in again', violations: [] } as const;
const TOO_MANY_LINES = {
  status: 429,
  reason: 'TOO_MANY_LINES',
  detail: 'close another page, or ask for news from time to time',
  violations: [],
} as const;
