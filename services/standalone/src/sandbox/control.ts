import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { LienThongError } from '@lienthong/client';
import { listenHttp } from '@lienthong/kit';
import { type Context, Hono } from 'hono';
import type { SandboxClock } from './clock.ts';
import type { RunningCounterparts } from './counterparts.ts';

export interface SandboxControl {
  url: string;
  stop(): Promise<void>;
}

const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * How those who test against the sandbox move its clock and have documents sent to them, as JSON over HTTP on this machine:
 * `GET /`, `POST /clock`, `POST /documents`.
 * @param listen host:port of this machine; port 0 picks a free one
 */
export async function openSandboxControl(
  listen: string,
  { clock, counterparts }: { clock: SandboxClock; counterparts: RunningCounterparts },
): Promise<SandboxControl> {
  const app = new Hono();
  // A page whose name was made to lead to this machine calls by that name.
  app.use((c, next) =>
    THIS_MACHINE.test(c.req.header('host') ?? '')
      ? next()
      : Promise.resolve(wrong(c, '', 'must be called as localhost or 127.0.0.1')),
  );
  app.get('/', (c) => c.json({ now: clock.now().toISOString(), counterparts: counterparts.list }));
  app.post('/clock', async (c) => {
    const body = await bodyOf(c);
    if (body === undefined) return wrong(c, '', 'must be JSON, with content-type application/json');
    const moment = momentOf(body, clock.now());
    if ('field' in moment) return wrong(c, moment.field, moment.detail);
    try {
      await clock.moveTo(moment.at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return wrong(c, 'to' in body ? 'to' : 'advance', error.message);
    }
    return c.json({ now: clock.now().toISOString() });
  });
  app.post('/documents', async (c) => {
    const body = await bodyOf(c);
    if (body === undefined) return wrong(c, '', 'must be JSON, with content-type application/json');
    if (typeof body.to !== 'string' || body.to === '')
      return wrong(c, 'to', 'is required: the code of the agency that gets the document');
    try {
      return c.json({ documentId: await counterparts.send(body.to) });
    } catch (error) {
      if (!(error instanceof LienThongError)) throw error;
      return wrong(c, 'to', error.details);
    }
  });
  const server = createServer(getRequestListener(app.fetch));
  await listenHttp(server, listen, { atProxy: false }).catch((cause: Error) => {
    throw new Error(`cannot listen on ${listen}: ${cause.message}; set SANDBOX_LISTEN to another address`, {
      cause,
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${listen.slice(0, listen.lastIndexOf(':'))}:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Only as JSON: a page of another origin cannot send that without being asked first. */
async function bodyOf(c: Context): Promise<Record<string, unknown> | undefined> {
  if (!/^application\/json\b/.test(c.req.header('content-type') ?? '')) return undefined;
  const body: unknown = await c.req.json().catch(() => undefined);
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : undefined;
}

/** The moment that a request names: `{ "advance": "90m" }`, or `{ "to": "2026-01-15T08:00:00+07:00" }`. */
export function momentOf(
  { advance, to }: Record<string, unknown>,
  now: Date,
): { at: Date } | { field: string; detail: string } {
  if ((advance === undefined) === (to === undefined))
    return { field: 'advance', detail: 'or to: give one of them' };
  if (advance !== undefined) {
    const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(String(advance)) ?? [];
    if (amount === undefined)
      return { field: 'advance', detail: 'must be minutes, hours or days, such as 90m, 8h or 2d' };
    return { at: new Date(now.getTime() + Number(amount) * (UNITS[unit] ?? 0)) };
  }
  const zoned = typeof to === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(to);
  const at = new Date(zoned ? to : Number.NaN);
  return Number.isNaN(at.getTime())
    ? { field: 'to', detail: 'must be a time with its zone, such as 2026-01-15T08:00:00+07:00' }
    : { at };
}

const wrong = (c: Context, field: string, detail: string) =>
  c.json({ title: 'the request is wrong', status: 400, violations: [{ field, description: detail }] }, 400, {
    'content-type': 'application/problem+json',
  });
