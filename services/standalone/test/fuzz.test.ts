import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { decodeErrorDetails, Status } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import type { Caller } from '@lienthong/kit';
import {
  type DescMethod,
  describeMethods,
  type Ending,
  fieldExists,
  type Known,
  randomFrom,
  randomMessage,
  rawCaller,
  runTestServices,
  testStack,
} from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { services } from '../src/services.ts';

// FUZZ_SEED repeats a run, FUZZ_CALLS makes it longer.
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const CALLS_PER_METHOD = Number(process.env.FUZZ_CALLS ?? 40);
const AT_ONCE = 8;
const CALL_MS = 20_000;

const AGENCY = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';
const callers: Record<string, Caller> = {
  clerk: { agencyId: AGENCY, officerId: 'clerk', roles: ['clerk', 'officer'] },
  leader: { agencyId: OTHER, officerId: 'leader', roles: ['leader'] },
  system: { agencyId: AGENCY, officerId: 'system', roles: ['system'] },
  administrator: { agencyId: '', officerId: 'administrator', roles: ['admin', 'auditor'] },
  'administrator of an agency': { agencyId: AGENCY, officerId: 'admin', roles: ['admin', 'clerk'] },
};

const { methods, messageOf } = describeMethods(fileDescriptorSet());
/** What a method's violations are about, where that is not one of its messages. */
const wholes: Record<string, string> = {
  ImportAgencies: 'lienthong.directory.v1.AgencyImport',
  AppointOfficers: 'lienthong.directory.v1.Appointments',
};

async function start() {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-fuzz-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runTestServices(services, stack, {
    env: {
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
    },
  });
  const raw = rawCaller(running.address);
  onTestFinished(async () => {
    raw.close();
    await running.stop();
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const tokens = await Promise.all(Object.values(callers).map((caller) => running.issuer.issue(caller)));
  return { raw, tokens };
}

/** What is wrong with how a call ended; undefined when nothing is. */
function fault(method: DescMethod, { code, message, details }: Ending): string | undefined {
  const { violations } = decodeErrorDetails(details);
  const status = `${Status[code]} ${message}`;
  // Only a stream that goes on has no other end than its caller's.
  if (code === Status.CANCELLED && /^(server|bidi)_streaming$/.test(method.methodKind)) return undefined;
  if ([Status.INTERNAL, Status.UNKNOWN, Status.DEADLINE_EXCEEDED, Status.CANCELLED].includes(code))
    return status;
  const fields = violations.map(({ field }) => field);
  const twice = fields.find((field, i) => fields.indexOf(field) < i);
  if (twice !== undefined) return `${status}: ${twice} is named twice`;
  const whole = wholes[method.name];
  const types = [method.input, ...(whole ? [messageOf(whole)] : [])];
  const unknown = fields.find((field) => !types.some((type) => fieldExists(type, field)));
  return unknown === undefined ? undefined : `${status}: there is no field ${unknown}`;
}

test(`whatever is sent, every method answers as the contract says (FUZZ_SEED=${SEED})`, async () => {
  const random = randomFrom(SEED);
  const { raw, tokens } = await start();
  const known: Known = { uuids: [AGENCY, OTHER], codes: ['H61', 'H61.1'], tokens: [] };
  const given = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const faults: string[] = [];

  async function once(method: DescMethod) {
    const requests = Array.from({ length: /^(client|bidi)/.test(method.methodKind) ? 3 : 1 }, () =>
      randomMessage(random, method.input, known),
    );
    const token = random.chance(0.1)
      ? random.pick(['', 'no.such.token', 'x'.repeat(5_000)])
      : random.pick(tokens);
    const ending = await raw.call(method, requests, token, CALL_MS);
    const wrong = fault(method, ending);
    if (wrong)
      faults.push(
        `${method.name}: ${wrong}\n  ${requests.map((one) => Buffer.from(one).toString('base64').slice(0, 400))}`,
      );
    for (const reply of ending.replies) {
      const text = Buffer.from(reply).toString('latin1');
      known.uuids.push(...(text.match(given) ?? []).slice(0, 3));
      known.tokens.push(...(text.match(/[\w-]{60,200}$/) ?? []));
    }
    known.uuids = known.uuids.slice(-200);
    known.tokens = known.tokens.slice(-50);
  }

  for (let round = 0; round < CALLS_PER_METHOD; round += AT_ONCE)
    for (const method of methods) await Promise.all(Array.from({ length: AT_ONCE }, () => once(method)));

  expect(faults).toEqual([]);
  const alive = methods.find(({ name }) => name === 'GetDefinitionSchema') as DescMethod;
  expect((await raw.call(alive, [], '', CALL_MS)).code).toBe(Status.OK);
}, 600_000);
