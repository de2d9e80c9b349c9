import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency, decodeErrorDetails, Status } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { Tier } from '@lienthong/contracts/directory';
import { Definition, ProcedureRegistryServiceDefinition } from '@lienthong/contracts/registry';
import { type Caller, vietnamDate } from '@lienthong/kit';
import {
  type DescMethod,
  describeMethods,
  type Ending,
  LONGEST_TURN_MS,
  longestTurn,
  longestTurnAtBest,
  rawCaller,
  runTestServices,
  TRIES,
  testStack,
  type WorstRequest,
  worstRequests,
} from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { services } from '../src/services.ts';
import { endlessDefinition, slowestSimulation, worstDefinition } from './support/worst-definition.ts';

/** Of a method with more fields an even choice. */
const REQUESTS_PER_METHOD = 60;
const CALL_MS = 20_000;
/** With the work that it takes. */
const LONG_CALL_MS = 120_000;
const LARGEST = 4 * 1024 * 1024 - 1;
/** The gRPC project's own: no method of ours, and a stream each. */
const OWN = /^lienthong\./;

const callers: Caller[] = [
  {
    agencyId: '018f0000-0000-7000-8000-000000000001',
    officerId: 'all',
    roles: ['clerk', 'officer', 'leader', 'system', 'admin'],
  },
  { agencyId: '', officerId: 'administrator', roles: ['admin', 'auditor'] },
];

const { methods } = describeMethods(fileDescriptorSet());
let call: (method: DescMethod, bytes: Uint8Array, token: string) => Promise<Ending>;
let tokens: string[];
let admin: AgencyClient;
let work: (method: DescMethod, bytes: Uint8Array) => Promise<Ending>;
let stop: () => Promise<void>;
beforeAll(async () => {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-turn-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runTestServices(services, stack, {
    env: {
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      RATE_PER_OFFICER: '1000000',
      RATE_PER_AGENCY: '1000000',
      RATE_PER_ADDRESS: '1000000',
    },
  });
  const raw = rawCaller(running.address);
  call = (method, bytes, token) => raw.call(method, [bytes], token, CALL_MS);
  tokens = await Promise.all(callers.map((caller) => running.issuer.issue(caller)));
  const [, ofAdmin = ''] = tokens;
  work = (method, bytes) => raw.call(method, [bytes], ofAdmin, LONG_CALL_MS);
  admin = connectAgency({ address: running.address, token: () => ofAdmin, timeoutMs: LONG_CALL_MS });
  stop = async () => {
    admin.close();
    raw.close();
    await running.stop();
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  };
});
afterAll(() => stop());

/** A caller whose requests the method reads, and the size of its largest request. */
async function limitOf(method: DescMethod): Promise<{ token: string; maxBytes: number }> {
  const endings: string[] = [];
  // On a busy machine a stream is cancelled before it ends by itself.
  for (const token of Array<string[]>(5).fill(tokens).flat()) {
    // Not a message, so it goes no further.
    const { code, message, details } = await call(method, Buffer.alloc(LARGEST, 0xff), token);
    const { reason, metadata } = decodeErrorDetails(details);
    if (reason === 'REQUEST_TOO_LARGE') return { token, maxBytes: Number(metadata.max_bytes) };
    if (reason === 'REQUEST_MALFORMED') return { token, maxBytes: LARGEST };
    endings.push(`${Status[code]} ${message}`);
  }
  throw new Error(`${method.name} reads no request of any caller: ${endings}`);
}

function chosen(all: WorstRequest[]): WorstRequest[] {
  const step = Math.max(1, all.length / REQUESTS_PER_METHOD);
  return Array.from({ length: Math.min(all.length, REQUESTS_PER_METHOD) }, (_, i) => {
    return all[Math.floor(i * step)] as WorstRequest;
  });
}

test('the measure finds a turn that takes long', async () => {
  const turn = await longestTurn(async () => {
    const start = process.threadCpuUsage();
    while (process.threadCpuUsage(start).user < 2 * LONGEST_TURN_MS * 1_000);
  });
  expect(turn).toBeGreaterThan(LONGEST_TURN_MS);
});

test.each(methods.filter(({ parent }) => OWN.test(parent.typeName)).map((one) => [one.name, one] as const))(
  '%s reads its worst request within a short turn',
  async (_, method) => {
    const { token, maxBytes } = await limitOf(method);
    const long: string[] = [];
    for (const { name, bytes } of chosen([...worstRequests(method, maxBytes)])) {
      const request = bytes();
      const turn = await longestTurnAtBest(() => call(method, request, token));
      if (turn > LONGEST_TURN_MS) long.push(`${name}: ${turn.toFixed(1)} ms`);
    }
    expect(long).toEqual([]);
  },
  300_000,
);

describe('what takes long is not done on the main thread', () => {
  const { methods: Registry } = ProcedureRegistryServiceDefinition;
  const today = vietnamDate(new Date());
  const worst = worstDefinition();
  const coded = (n: number): Definition => ({ ...worst, code: `9.${String(n).padStart(6, '0')}` });
  const ofDefinition = (value: Definition) => ({ subject: { $case: 'definition' as const, value } });
  const decision = { number: '1', decidedOn: today, signerName: 'Mẫu', signerPosition: 'Chủ tịch' };
  let intakeAgencyId: string;

  beforeAll(async () => {
    const { agency } = await admin.directory.establishAgency({
      part: { codes: [{ code: 'H61.1' }], name: 'Ủy ban nhân dân xã Mẫu', tier: Tier.COMMUNE },
      legalBasis: 'QĐ 1/QĐ-UBND',
    });
    intakeAgencyId = agency?.id ?? expect.fail('no agency in the reply');
    const known = { ...ofDefinition(slowestSimulation()), intakeAgencyId };
    await vi.waitFor(() => admin.procedures.simulateProcedure(known), 20_000);
  }, 60_000);

  /** Drafts the worst definition under a code, and gives its version's id. */
  async function draft(n: number): Promise<string> {
    const { procedure } = await admin.procedures.draftProcedure({ definition: coded(n) });
    return procedure?.id ?? expect.fail('no version in the reply');
  }

  async function expectShortTurns(
    { name, requestType }: { name: string; requestType: Codec },
    requestOf: (attempt: number) => object | Promise<object>,
  ): Promise<void> {
    const method = methods.find((one) => one.name === name) ?? expect.fail(`no method ${name}`);
    const requests: Uint8Array[] = [];
    for (let n = 0; n < TRIES; n += 1)
      requests.push(requestType.encode(requestType.fromPartial(await requestOf(n))).finish());
    const turn = await longestTurnAtBest(async (attempt) => {
      const { code, message } = await work(method, requests[attempt] as Uint8Array);
      expect(code, message).toBe(Status.OK);
    });
    expect(turn).toBeLessThan(LONGEST_TURN_MS);
  }
  const requestId = () => ({ requestId: randomUUID() });

  test('the definition is large and sound', async () => {
    expect(Definition.encode(worst).finish().length).toBeGreaterThan(160 * 1024);
    expect(await admin.procedures.checkDefinition({ definition: worst })).toEqual({ problems: [] });
  });

  test('CheckDefinition', () => expectShortTurns(Registry.checkDefinition, () => ({ definition: worst })));
  test('a check over its budget is refused', async () => {
    const { checkDefinition } = Registry;
    const method = methods.find(({ name }) => name === checkDefinition.name) ?? expect.fail('no method');
    const message = checkDefinition.requestType.fromPartial({ definition: endlessDefinition() });
    const request = checkDefinition.requestType.encode(message).finish();
    const turn = await longestTurn(async () => {
      const { details } = await work(method, request);
      expect(decodeErrorDetails(details).reason).toBe('WORK_BUDGET_EXCEEDED');
    });
    expect(turn).toBeLessThan(2 * LONGEST_TURN_MS);
  });
  test('DrawWorkflow', () => expectShortTurns(Registry.drawWorkflow, () => ofDefinition(worst)));
  test('SimulateProcedure', () =>
    expectShortTurns(Registry.simulateProcedure, () => ({
      ...ofDefinition(slowestSimulation()),
      intakeAgencyId,
      yearlyVolume: 1_000_000,
    })));
  test('DraftProcedure', () =>
    expectShortTurns(Registry.draftProcedure, (n) => ({ ...requestId(), definition: coded(100 + n) })));
  test('ReviseProcedure', async () => {
    const procedureId = await draft(200);
    const request = () => ({ ...requestId(), procedureId, definition: coded(200) });
    await expectShortTurns(Registry.reviseProcedure, request);
  });
  test('ValidateProcedure, PublishProcedure', async () => {
    const ids: string[] = [];
    for (let n = 0; n < TRIES; n += 1) ids.push(await draft(300 + n));
    const procedure = (n: number) => ({ ...requestId(), procedureId: ids[n] });
    await expectShortTurns(Registry.validateProcedure, procedure);
    for (const procedureId of ids) await admin.procedures.validateProcedure({ procedureId });
    await expectShortTurns(Registry.publishProcedure, (n) => ({ ...procedure(n), decision }));
  });
  test('ExportProcedures, ImportProcedures', async () => {
    const codes = [coded(300).code];
    const { yaml } = await admin.procedures.exportProcedures({ codes });
    await expectShortTurns(Registry.exportProcedures, () => ({ codes }));
    const request = (n: number) => ({
      ...requestId(),
      yaml: yaml.replace(codes[0] ?? '', coded(400 + n).code),
    });
    await expectShortTurns(Registry.importProcedures, request);
  });
}, 300_000);

interface Codec {
  // biome-ignore lint/suspicious/noExplicitAny: messages of any type
  encode(message: any): { finish(): Uint8Array };
  // biome-ignore lint/suspicious/noExplicitAny: messages of any type
  fromPartial(partial: any): any;
}
