import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { decodeErrorDetails, Status } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { type Caller, createLog } from '@lienthong/kit';
import {
  type DescField,
  describeMethods,
  isText,
  oneFieldRequests,
  rawCaller,
  runTestServices,
  testStack,
} from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { services } from '../src/services.ts';

const AGENCY = '018f0000-0000-7000-8000-000000000001';
const callers: Record<string, Caller> = {
  'of an agency': { agencyId: AGENCY, officerId: 'o', roles: ['clerk', 'officer', 'leader', 'system'] },
  'without an agency': { agencyId: '', officerId: 'o', roles: ['clerk', 'officer', 'leader', 'system'] },
  administrator: { agencyId: '', officerId: 'a', roles: ['admin', 'auditor'] },
};
const CALL_MS = 20_000;
const AT_ONCE = 8;
/** Of calls that the method itself did not see. */
const UNSEEN = ['CALLER_BUSY', 'SERVER_BUSY', 'TOO_MANY_STREAMS', 'RATE_EXCEEDED', 'DATABASE_UNAVAILABLE'];
/** Of one call: its line, and the refusal in it. */
const LOG_BYTES_PER_CALL = 2_000;
/** Clients read headers of 8 KiB. */
const ERROR_BYTES = 8 * 1024;

/** A google.protobuf.Timestamp so many years from 1970. */
function timestamp(years: bigint): Uint8Array {
  const seconds = Buffer.alloc(11);
  let left = BigInt.asUintN(64, years * 31_556_952n);
  let length = 0;
  seconds[length++] = 0x08;
  for (; left > 0x7fn; left >>= 7n) seconds[length++] = Number(left & 0x7fn) | 0x80;
  seconds[length++] = Number(left);
  return seconds.subarray(0, length);
}

const isTimestamp = (field: DescField) => field.message?.typeName === 'google.protobuf.Timestamp';
const isCursor = ({ name }: DescField) => name === 'page_token' || name === 'cursor';
const textIn = (text: string) => (field: DescField) => (isText(field) ? Buffer.from(text) : undefined);
const cursor = (token: string) => (field: DescField) => (isCursor(field) ? Buffer.from(token) : undefined);
const hostile: Record<string, (field: DescField) => Uint8Array | undefined> = {
  'U+0000': textIn('H61\u0000'),
  'a code of 30 KB': textIn('H61.'.repeat(7_500)),
  'a text of 30 KB that headers write longer': textIn('ế'.repeat(10_000)),
  'a year far ahead': (field) => (isTimestamp(field) ? timestamp(270_000n) : undefined),
  'a year far back': (field) => (isTimestamp(field) ? timestamp(-270_000n) : undefined),
  'a cursor of letters': cursor('abc'),
  'a forged cursor': cursor(randomBytes(80).toString('base64url')),
  'a cursor of JSON': cursor(Buffer.from('{"after":["\\u0000",1e400]}').toString('base64url')),
  'a long cursor': cursor(randomBytes(20_000).toString('base64url')),
};

test('forged cursors, impossible years, U+0000 and long codes get a clear error, and fill no log', async () => {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-hostile-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  let logged = 0;
  const errors: string[] = [];
  const log = createLog('hostile-values', 'info', {
    write(line) {
      logged += line.length;
      const { level, msg } = JSON.parse(line);
      if (level >= 50 || msg === 'database unavailable') errors.push(line);
    },
  });
  const running = await runTestServices(services, stack, {
    log,
    env: {
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      RATE_PER_OFFICER: '1000000',
      RATE_PER_AGENCY: '1000000',
      RATE_PER_ADDRESS: '1000000',
    },
  });
  const raw = rawCaller(running.address);
  onTestFinished(async () => {
    raw.close();
    await running.stop();
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const { methods } = describeMethods(fileDescriptorSet());
  const requests = methods.flatMap((method) =>
    Object.entries(hostile).flatMap(([what, toValue]) =>
      [...oneFieldRequests(method.input, toValue)].map((request) => ({ ...request, method, what })),
    ),
  );
  const faults: string[] = [];
  for (const [who, caller] of Object.entries(callers)) {
    const token = await running.issuer.issue(caller);
    const once = async ({ method, name, what, bytes }: (typeof requests)[number]) => {
      const { code, message, details } = await raw.call(method, [bytes], token, CALL_MS);
      const { reason } = decodeErrorDetails(details);
      const size = Buffer.byteLength(encodeURIComponent(message)) + (details?.length ?? 0);
      const isUnclear = [Status.INTERNAL, Status.UNKNOWN, Status.UNAVAILABLE].includes(code);
      if (isUnclear || UNSEEN.includes(reason) || size > ERROR_BYTES)
        faults.push(`${method.name} ${name}: ${what}, ${who}: ${Status[code]} ${reason}, ${size} bytes`);
    };
    for (let n = 0; n < requests.length; n += AT_ONCE)
      await Promise.all(requests.slice(n, n + AT_ONCE).map(once));
  }
  const calls = requests.length * Object.keys(callers).length;
  expect({ faults, errors }).toEqual({ faults: [], errors: [] });
  expect(calls).toBeGreaterThan(2_000);
  expect(logged).toBeLessThan(LOG_BYTES_PER_CALL * calls);
}, 600_000);
