import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { connectAgency, decodeErrorDetails, Status } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { type AgencyRef, Tier } from '@lienthong/contracts/directory';
import {
  type Caller,
  createLog,
  developmentIssuer,
  keySet,
  POSITION_ROLES,
  type Policy,
  ROLES,
  type Role,
  runServices,
  TOKEN_AUDIENCE,
  tokenVerifier,
  trust,
  vietnamDate,
} from '@lienthong/kit';
import { type DescMethod, describeMethods, EVENT_KEYS, rawCaller, testStack } from '@lienthong/testkit';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { services } from '../src/services.ts';
import { ACTS } from './support/acts.ts';
import { type BoundService, noteBound } from './support/bound.ts';

// Every method of the contract, as every kind of caller. What must happen follows from the policy that it declares.

const methods = describeMethods(fileDescriptorSet()).methods.filter(({ parent }) =>
  parent.typeName.startsWith('lienthong.'),
);
const pathOf = (method: DescMethod) => `/${method.parent.typeName}/${method.name}`;

/** By which the directory or a policy refuses; a handler has other reasons. */
const GATE = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'TOKEN_TOO_LONG',
  'ROLE_MISSING',
  'AGENCY_REQUIRED',
  'AGENCY_UNKNOWN',
  'AGENCY_ENDED',
  'OFFICER_NOT_IN_POSITION',
];
const LET_IN = 'let in';
/** Long enough for a refusal, or for the first message of a stream that does not end. */
const STREAM_MS = 15_000;

const bound: BoundService[] = [];
const issuer = await developmentIssuer();
const byHand = await handIssuer();
const stranger = await developmentIssuer(undefined, 'another issuer');
let raw: ReturnType<typeof rawCaller>;
let address: string;
let stop: () => Promise<void>;
/** Agencies by their names in these tests, and officers by theirs. */
let agencies: Record<'own' | 'other' | 'old', string>;
let officers: Record<'all' | 'clerk' | 'dismissed' | 'moved', string>;

beforeAll(async () => {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-policies-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runServices(noteBound(services, bound), {
    database: () => ({ url: stack.databaseUrl }),
    nats: () => ({ url: stack.natsUrl }),
    listen: '127.0.0.1:0',
    verifyToken: tokenVerifier([issuer.trusted, byHand.trusted]),
    log: createLog('policies-test', 'silent'),
    subjectRoot: stack.natsPrefix,
    connections: 2,
    env: {
      ...EVENT_KEYS,
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      // Those without a right count as addresses.
      RATE_PER_ADDRESS: '100000',
      COST_LIMIT_PER_ADDRESS: '4000',
    },
  });
  ({ address } = running);
  raw = rawCaller(address, { ms: STREAM_MS, replies: 1 });
  stop = async () => {
    raw.close();
    await running.stop();
    await stack.close();
    rmSync(folder, { recursive: true });
  };
  await fillDirectory();
}, 120_000);
afterAll(() => stop());

/** An issuer like ours, which also signs tokens for others. */
async function handIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = { keys: [await exportJWK(publicKey)] };
  const name = 'signs by hand';
  return {
    trusted: trust(
      { issuer: name },
      keySet(async () => jwks),
    ),
    sign: ({ officerId, agencyId, roles }: Caller, audience: string) =>
      new SignJWT({ agency: agencyId, roles })
        .setProtectedHeader({ alg: 'ES256' })
        .setSubject(officerId)
        .setIssuer(name)
        .setAudience(audience)
        .setExpirationTime('10 minutes')
        .sign(privateKey),
  };
}

const byId = (value: string): AgencyRef => ({ ref: { $case: 'id', value } });

async function fillDirectory() {
  const token = await issuer.issue({ agencyId: '', officerId: 'administrator', roles: ['admin'] });
  const admin = connectAgency({ address, token: () => token });
  const today = vietnamDate(new Date());
  const establish = async (code: string) => {
    const { agency } = await admin.directory.establishAgency({
      part: { codes: [{ code }], name: `Xã ${code}`, kind: 'Xã', tier: Tier.COMMUNE },
      effectiveOn: '2020-01-01',
      legalBasis: 'NQ 1',
    });
    return agency?.id ?? expect.fail('no agency in the reply');
  };
  const appoint = async (agencyId: string, roles: readonly string[]) => {
    const { officer } = await admin.directory.appointOfficer({
      agencyId,
      fullName: 'Nguyễn Văn Mẫu',
      position: 'Chuyên viên',
      roles: [...roles],
      validFrom: '2020-01-01',
    });
    return officer?.id ?? expect.fail('no officer in the reply');
  };
  agencies = {
    own: await establish('H61.1'),
    other: await establish('H61.2'),
    old: await establish('H61.3'),
  };
  officers = {
    all: await appoint(agencies.own, POSITION_ROLES),
    clerk: await appoint(agencies.own, ['clerk']),
    dismissed: await appoint(agencies.own, POSITION_ROLES),
    moved: await appoint(agencies.old, POSITION_ROLES),
  };
  await admin.directory.relieveOfficer({ officerId: officers.dismissed, effectiveOn: today });
  await admin.directory.mergeAgencies({
    part: { predecessors: [byId(agencies.old)], successor: byId(agencies.own) },
    effectiveOn: today,
    legalBasis: 'NQ 2',
  });
  admin.close();
  // The newest event of each kind is in the memory of every service.
  const isKnown = ({ directory }: BoundService) => {
    const claims = { roles: [], granted: [], agencies: undefined, expiresAt: 0 };
    const identify = (officerId: string, agencyId: string) =>
      directory.identify({ ...claims, officerId, agency: { id: agencyId } }, today);
    const ended = identify(officers.moved, agencies.old);
    return !identify(officers.dismissed, agencies.own).ok && ended.ok && ended.value.readsOnly !== undefined;
  };
  await vi.waitFor(
    async () => {
      for (const one of bound) {
        await one.directory.refresh();
        expect(isKnown(one), one.fullName).toBe(true);
      }
    },
    { timeout: 30_000 },
  );
}

type Declared = NonNullable<ReturnType<BoundService['methods']['get']>>;

function declarationOf(method: DescMethod): Declared {
  const path = pathOf(method);
  const found = bound.map(({ methods }) => methods.get(path)).filter((one) => one !== undefined);
  // Operations are once for all services; every other method belongs to one.
  expect(found, path).toHaveLength(1);
  return found[0] as Declared;
}

/** The reason of the gate's refusal, or that it lets the call in, whatever the handler says of an empty request. */
async function reasonOf(method: DescMethod, token: string): Promise<string> {
  const { code, message, details, replies } = await raw.call(method, [new Uint8Array()], token, 20_000);
  if ([Status.INTERNAL, Status.UNKNOWN, Status.UNIMPLEMENTED, Status.DEADLINE_EXCEEDED].includes(code))
    return `${Status[code]} ${message}`;
  if (code === Status.CANCELLED) return replies.length > 0 ? LET_IN : 'CANCELLED before a reply';
  const { reason } = decodeErrorDetails(details);
  if (GATE.includes(reason)) return reason;
  return code === Status.UNAUTHENTICATED || (code === Status.PERMISSION_DENIED && reason === '')
    ? `${Status[code]} without a reason`
    : LET_IN;
}

/** What a policy makes of a caller whom the directory knows. */
function expectedFor(policy: Policy, roles: readonly Role[], ofAgency = true): string {
  if (policy === 'public' || policy === 'authenticated') return LET_IN;
  if (!policy.anyOf.some((role) => roles.includes(role))) return 'ROLE_MISSING';
  return policy.ofAgency && !ofAgency ? 'AGENCY_REQUIRED' : LET_IN;
}

async function requireForEach(
  token: string | Promise<string>,
  expected: (declaration: Declared) => string,
): Promise<void> {
  const given = await token;
  const found = await Promise.all(
    methods.map(async (method) => `${pathOf(method)}: ${await reasonOf(method, given)}`),
  );
  expect(found).toEqual(methods.map((method) => `${pathOf(method)}: ${expected(declarationOf(method))}`));
}

const as = (officerId: string, agencyId: string, roles: readonly Role[]): Caller => ({
  officerId,
  agencyId,
  roles,
});
const unsigned = (claims: object) =>
  [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
  '.';

test('every method of the contract is served, and declares a policy', () => {
  const served = bound.flatMap(({ methods }) => [...methods.keys()]).sort();
  expect(served).toEqual(methods.map(pathOf).sort());
  for (const method of methods) expect(declarationOf(method).policy, pathOf(method)).toBeDefined();
});

describe('a caller without a right', () => {
  const claims = () => as(officers.all, agencies.own, ROLES);
  test('with no token is let into public methods alone', () =>
    requireForEach('', ({ policy }) => (policy === 'public' ? LET_IN : 'TOKEN_MISSING')));
  test('with an expired token is let in nowhere, public or not', () =>
    requireForEach(issuer.issue(claims(), -60), () => 'TOKEN_EXPIRED'));
  test('with a token for too long is let in nowhere', () =>
    requireForEach(issuer.issue(claims(), 25 * 3600), () => 'TOKEN_TOO_LONG'));
  test('with a token of another issuer is let in nowhere', () =>
    requireForEach(stranger.issue(claims()), () => 'TOKEN_INVALID'));
  test('with a token that another issuer signed in the name of ours is let in nowhere', async () =>
    requireForEach(
      (await developmentIssuer(undefined, issuer.issuer)).issue(claims()),
      () => 'TOKEN_INVALID',
    ));
  test('with a token for another audience is let in nowhere', async () => {
    await requireForEach(byHand.sign(claims(), 'another-system'), () => 'TOKEN_INVALID');
    // With the right audience the same token opens: nothing else is wrong with it.
    const token = await byHand.sign(as(officers.all, agencies.own, POSITION_ROLES), TOKEN_AUDIENCE);
    await requireForEach(token, ({ policy }) => expectedFor(policy, POSITION_ROLES));
  });
  test('with an unsigned token is let in nowhere', () => {
    const { officerId: sub, agencyId: agency, roles } = claims();
    const exp = Math.floor(Date.now() / 1000) + 600;
    return requireForEach(
      unsigned({ sub, agency, roles, iss: issuer.issuer, aud: 'lienthong', exp }),
      () => 'TOKEN_INVALID',
    );
  });
  test('who was dismissed is let in nowhere, public or not', () =>
    requireForEach(
      issuer.issue(as(officers.dismissed, agencies.own, POSITION_ROLES)),
      () => 'OFFICER_NOT_IN_POSITION',
    ));
  test('who is an officer of another agency than the token says is let in nowhere', () =>
    requireForEach(
      issuer.issue(as(officers.all, agencies.other, POSITION_ROLES)),
      () => 'OFFICER_NOT_IN_POSITION',
    ));
  test('whose name no officer has is let in nowhere', () =>
    requireForEach(
      issuer.issue(as('nobody', agencies.own, POSITION_ROLES)),
      () => 'OFFICER_NOT_IN_POSITION',
    ));
  test('of an agency that does not exist is let in nowhere', () =>
    requireForEach(
      issuer.issue(as(officers.all, crypto.randomUUID(), POSITION_ROLES)),
      () => 'AGENCY_UNKNOWN',
    ));
});

describe('an officer of the agency', () => {
  test.each(POSITION_ROLES)('with the role %s alone is let in where the policy names it', (role) =>
    requireForEach(issuer.issue(as(officers.all, agencies.own, [role])), ({ policy }) =>
      expectedFor(policy, [role]),
    ),
  );
  test('has no role of the token that the position does not have', () =>
    requireForEach(
      issuer.issue(as(officers.clerk, agencies.own, ['leader', 'officer', 'admin'])),
      ({ policy }) => expectedFor(policy, []),
    ));
  test('is no system, whatever the token says', () =>
    requireForEach(issuer.issue(as(officers.clerk, agencies.own, ['system'])), ({ policy }) =>
      expectedFor(policy, []),
    ));
  test('is an auditor when the issuer says so', () =>
    requireForEach(issuer.issue(as(officers.clerk, agencies.own, ['auditor'])), ({ policy }) =>
      expectedFor(policy, ['auditor']),
    ));
});

test('a system of the agency is let in where the policy names it', () =>
  requireForEach(issuer.issue(as('one-stop', agencies.own, ['system'])), ({ policy }) =>
    expectedFor(policy, ['system']),
  ));

test.each<{ roles: Role[] }>([{ roles: ['admin'] }, { roles: ['auditor'] }, { roles: ['admin', 'auditor'] }])(
  'without an agency, $roles are let in where the policy needs none',
  ({ roles }) =>
    requireForEach(issuer.issue(as('platform', '', roles)), ({ policy }) =>
      expectedFor(policy, roles, false),
    ),
);

test.each<Role>(['leader', 'clerk', 'officer', 'system'])(
  'without an agency, the role %s means nothing',
  (role) =>
    requireForEach(issuer.issue(as('platform', '', [role])), ({ policy }) => expectedFor(policy, [], false)),
);

describe('of an agency that has ended', () => {
  const reads = (roles: readonly Role[]) => (declaration: Declared) =>
    declaration.changes ? 'AGENCY_ENDED' : expectedFor(declaration.policy, roles);
  test('a system reads and changes nothing', () =>
    requireForEach(issuer.issue(as('one-stop', agencies.old, ['system'])), reads(['system'])));
  test('an officer who went on to the successor reads and changes nothing', () =>
    requireForEach(issuer.issue(as(officers.moved, agencies.old, POSITION_ROLES)), reads(POSITION_ROLES)));
  test('an officer who was never there is let in nowhere', () =>
    requireForEach(issuer.issue(as(officers.all, agencies.old, POSITION_ROLES)), () => 'AGENCY_ENDED'));
});

test('a stream of events ends with its token', async () => {
  const follow = methods.find(({ name }) => name === 'Follow') as DescMethod;
  // Good for the tolerance for clocks, which is 5 seconds.
  const token = await issuer.issue(as(officers.all, agencies.own, ['leader']), 0);
  const patient = rawCaller(address, { ms: 60_000 });
  const { details, replies } = await patient.call(follow, [new Uint8Array()], token, 60_000);
  patient.close();
  expect(decodeErrorDetails(details).reason).toBe('TOKEN_EXPIRED');
  expect(replies.length).toBeGreaterThan(0);
}, 70_000);

test('what has a request_id, streams content in, or leaves an event changes something', () => {
  const changing = methods.filter(
    (method) =>
      method.methodKind === 'client_streaming' ||
      method.input.fields.some(({ name }) => name === 'request_id') ||
      ACTS[method.parent.typeName.split('.')[1] as string]?.[method.name] !== undefined,
  );
  expect(changing.length).toBeGreaterThan(60);
  expect(changing.filter((method) => !declarationOf(method).changes).map(pathOf)).toEqual([]);
});
