import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSandboxClock } from '../src/sandbox/clock.ts';
import { momentOf, openSandboxControl } from '../src/sandbox/control.ts';

const MINUTE = 60_000;

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'clock.json');
}

test('the clock is moved ahead, stays ahead after a restart, and never goes back', async () => {
  const kept = file();
  const clock = await openSandboxClock(kept);
  const target = Date.now() + 60 * MINUTE;
  await clock.moveTo(new Date(target));
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(target);
  await expect(clock.moveTo(new Date())).rejects.toThrow('never goes back');
  await expect(clock.moveTo(new Date(Number.NaN))).rejects.toThrow(RangeError);
  await expect(clock.moveTo(new Date('2100-06-01T00:00:00Z'))).rejects.toThrow('before the year 2100');
  const again = await openSandboxClock(kept);
  expect(again.now().getTime()).toBeGreaterThanOrEqual(target);
});

test('of two requests at once the earlier moment is refused when it comes second', async () => {
  const clock = await openSandboxClock(file());
  const [far, near] = [60, 30].map((minutes) => new Date(Date.now() + minutes * MINUTE));
  const results = await Promise.allSettled([clock.moveTo(far as Date), clock.moveTo(near as Date)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(clock.now() >= (far as Date)).toBe(true);
});

test('only who calls this machine by its own name is heard', async () => {
  const clock = await openSandboxClock(file());
  const counterparts = { list: [], send: async () => '', stop: async () => {} };
  const control = await openSandboxControl('127.0.0.1:0', { clock, counterparts });
  onTestFinished(() => control.stop());
  const statusFor = async (host: string) => {
    const [response] = (await once(request(control.url, { headers: { host } }).end(), 'response')) as [
      IncomingMessage,
    ];
    response.resume();
    return response.statusCode;
  };
  for (const host of ['localhost:50070', '127.0.0.1', '[::1]:1']) expect(await statusFor(host)).toBe(200);
  for (const host of ['xau.example', 'localhost.xau.example', '127.0.0.1.xau.example'])
    expect(await statusFor(host)).toBe(400);
});

test('a file that says nothing of a clock stops the start', async () => {
  for (const text of ['{}', '{"aheadMs":-1}', '{"aheadMs":"x"}', 'rác']) {
    const kept = file();
    writeFileSync(kept, text);
    await expect(openSandboxClock(kept)).rejects.toThrow();
    expect(readFileSync(kept, 'utf8')).toBe(text);
  }
});

test.each([
  [{ advance: '90m' }, 90],
  [{ advance: '8h' }, 480],
  [{ advance: '2d' }, 2_880],
  [{ to: '2026-01-15T09:00:00+07:00' }, 60],
])('%j is a moment', (body, minutes) => {
  const now = new Date('2026-01-15T08:00:00+07:00');
  expect(momentOf(body, now)).toEqual({ at: new Date(now.getTime() + minutes * MINUTE) });
});

test.each([
  [{}, 'advance'],
  [{ advance: '1h', to: '2026-01-15T08:00:00+07:00' }, 'advance'],
  [{ advance: 'mai' }, 'advance'],
  [{ advance: '-1h' }, 'advance'],
  [{ advance: '1.5h' }, 'advance'],
  [{ advance: 60 }, 'advance'],
  [{ to: '2026-01-15T08:00:00' }, 'to'],
  [{ to: '2026-02-31T08:00:00+07:00x' }, 'to'],
  [{ to: 0 }, 'to'],
])('%j is not one', (body, field) => {
  expect(momentOf(body, new Date())).toMatchObject({ field });
});
