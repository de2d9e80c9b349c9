import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Status } from '@lienthong/client';
import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createClient } from 'nice-grpc';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  developmentIssuer,
  type IssuerSettings,
  keySet,
  RefusalError,
  readIssuers,
  TOKEN_AUDIENCE,
  tokenVerifier,
  trust,
} from '../src/index.ts';
import { clerk, connectAs, type Handlers, issuer, serve } from './support/server.ts';

const call = { service: 'routing', consumer: 'inbox' };
const echo: Handlers['unary'] = async (_, { caller }) => ({
  replayed: BigInt(caller.roles.length),
  stillParked: BigInt(caller.agencyId.length),
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  sub: 'officer-1',
  agency: clerk.agencyId,
  roles: ['clerk'],
  iss: issuer.issuer,
  aud: TOKEN_AUDIENCE,
  exp: now() + 60,
});

describe('a call', () => {
  test('without a token is UNAUTHENTICATED', async () => {
    const { channel } = await serve({ unary: echo });
    const bare = createClient(OperationsServiceDefinition, channel);
    await expect(bare.replayParkedEvents(call)).rejects.toMatchObject({ code: Status.UNAUTHENTICATED });
  });

  test('with a token reaches the handler as its caller', async () => {
    const { client } = await serve({ unary: echo });
    expect(await client.operations.replayParkedEvents(call)).toEqual({ replayed: 1n, stillParked: 36n });
  });

  test('without a role that its policy needs is PERMISSION_DENIED', async () => {
    const { client, address } = await serve({ unary: echo, policy: { anyOf: ['admin', 'auditor'] } });
    await expect(client.operations.replayParkedEvents(call)).rejects.toMatchObject({
      code: Status.PERMISSION_DENIED,
      reason: 'ROLE_MISSING',
    });
    const auditor = connectAs(address, { ...clerk, roles: ['clerk', 'auditor'] });
    expect((await auditor.operations.replayParkedEvents(call)).replayed).toBe(2n);
  });

  test('of a public method needs no token; a bad one is refused all the same', async () => {
    const { channel, address } = await serve({ unary: echo, policy: 'public' });
    const bare = createClient(OperationsServiceDefinition, channel);
    expect(await bare.replayParkedEvents(call)).toEqual({ replayed: 0n, stillParked: 0n });
    const bad = connectAs(address, 'rubbish').operations.replayParkedEvents(call);
    await expect(bad).rejects.toMatchObject({ reason: 'TOKEN_INVALID' });
  });
});

describe('a token', () => {
  const verify = tokenVerifier([issuer.trusted]);
  const reasonOf = async (token: string, verifier = verify): Promise<string> => {
    const error: unknown = await verifier(token).catch((error) => error);
    expect(error).toBeInstanceOf(RefusalError);
    return (error as RefusalError).refusal.reason;
  };
  const saysClerk = {
    agency: { id: clerk.agencyId },
    officerId: clerk.officerId,
    roles: ['clerk'],
    granted: [],
    agencies: undefined,
    expiresAt: expect.any(Number),
  };

  test('of the issuer says who its caller is', async () => {
    const token = await issuer.issue(clerk);
    expect(await verify(token)).toEqual(saysClerk);
    expect(await verify(token)).toEqual(saysClerk);
  });

  test('may carry roles of other systems, which are ignored', async () => {
    const token = await issuer.issue({ ...clerk, roles: ['clerk', 'offline_access'] as never });
    expect((await verify(token)).roles).toEqual(['clerk']);
  });

  test('that has expired says so, remembered or not', async () => {
    expect(await reasonOf(await issuer.issue(clerk, -60))).toBe('TOKEN_EXPIRED');
    // Good for the moment within the clock tolerance, and never from memory once expired.
    const closing = await issuer.issue(clerk, -2);
    expect(await verify(closing)).toEqual(saysClerk);
  });

  test('for longer than the longest time is refused with that time', async () => {
    expect(await reasonOf(await issuer.issue(clerk, 25 * 3600))).toBe('TOKEN_TOO_LONG');
    const strict = tokenVerifier([issuer.trusted], { maxAgeHours: 1 });
    expect(await reasonOf(await issuer.issue(clerk, 2 * 3600), strict)).toBe('TOKEN_TOO_LONG');
    expect(await strict(await issuer.issue(clerk, 3600))).toEqual(saysClerk);
  });

  test.each([
    ['is garbage', async () => 'not.a.token'],
    ['is longer than any token', async () => `${base64({ alg: 'EdDSA' })}.${'a'.repeat(9000)}.`],
    ['is empty JSON', async () => `${base64({})}.${base64({})}.`],
    ['is unsigned', async () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    [
      'is signed with the public key as a secret',
      async () => {
        const head = `${base64({ alg: 'HS256', kid: 'development' })}.${base64(claims())}`;
        const secret = JSON.stringify(issuer.jwks.keys[0]);
        return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
      },
    ],
    ['is signed by another issuer of the same name', async () => (await developmentIssuer()).issue(clerk)],
    [
      'was changed after signing',
      async () => {
        const [head, , signature] = (await issuer.issue(clerk)).split('.');
        return `${head}.${base64({ ...claims(), roles: ['admin'] })}.${signature}`;
      },
    ],
  ])('that %s is refused', async (_, token) => {
    expect(await reasonOf(await token())).toBe('TOKEN_INVALID');
  });

  describe('signed by the right key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwks = { keys: [await exportJWK(publicKey)] };
    const PROVINCE = 'the-province';
    const verifierOf = (settings: Partial<IssuerSettings> = {}) =>
      tokenVerifier([
        trust(
          { issuer: PROVINCE, ...settings },
          keySet(async () => jwks),
        ),
      ]);
    const verifier = verifierOf();
    const signed = (payload: object) =>
      new SignJWT({ ...claims(), iss: PROVINCE, ...payload })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey);

    test('is accepted', async () => {
      expect(await verifier(await signed({}))).toEqual(saysClerk);
    });

    test.each([
      ['for another audience', { aud: 'another-system' }],
      ['by another issuer', { iss: 'another-province' }],
      ['without an expiry', { exp: undefined }],
      ['without a subject', { sub: undefined }],
      ['with an empty subject', { sub: '' }],
      ['with roles that are no list', { roles: 'admin' }],
      ['for an agency that is not a UUID', { agency: 'H61.29542' }],
      ['not yet valid', { nbf: now() + 3600 }],
    ])('%s is refused', async (_, payload) => {
      expect(await reasonOf(await signed(payload), verifier)).toBe('TOKEN_INVALID');
    });

    test('gives no role that its issuer may not grant', async () => {
      const roles = ['admin', 'auditor', 'system'];
      expect(await verifier(await signed({ roles }))).toMatchObject({ roles: ['admin'], granted: [] });
      const granting = verifierOf({ grants: ['auditor'] });
      expect((await granting(await signed({ roles }))).granted).toEqual(['auditor']);
    });

    test('is read by the claims that its issuer is set to', async () => {
      const mapped = verifierOf({
        audience: 'one-stop',
        agency: { claim: 'https://province/agency', scheme: 'TT10' },
        officer: { claim: 'employee.id' },
        roles: { claim: 'realm_access.roles', names: { 'van-thu': 'clerk', 'lanh-dao': 'leader' } },
        agencies: [{ scheme: 'TT10', code: '000.00.14.H61' }],
      });
      const token = await signed({
        aud: 'one-stop',
        'https://province/agency': '000.00.14.H61',
        employee: { id: 'officer-7' },
        realm_access: { roles: ['van-thu', 'clerk', 'uma_authorization'] },
      });
      expect(await mapped(token)).toMatchObject({
        agency: { scheme: 'TT10', code: '000.00.14.H61' },
        officerId: 'officer-7',
        roles: ['clerk'],
        agencies: [{ scheme: 'TT10', code: '000.00.14.H61' }],
      });
      const position = verifierOf({ roles: 'position' });
      expect((await position(await signed({ roles: undefined }))).roles).toEqual([
        'admin',
        'leader',
        'clerk',
        'officer',
      ]);
    });

    test('of an issuer of citizens names a citizen, whatever else it says', async () => {
      const citizens = verifierOf({ gives: 'citizens', grants: ['admin'] });
      expect(await citizens(await signed({ roles: ['admin', 'clerk'] }))).toMatchObject({
        agency: undefined,
        officerId: 'citizen:officer-1',
        roles: [],
        granted: [],
      });
    });
  });
});

test('the development issuer keeps its key in a folder, secret and public apart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'issuer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = await developmentIssuer(folder);
  const second = await developmentIssuer(folder);
  const verifier = tokenVerifier(await readIssuers(join(folder, 'issuers.json')));
  expect(await verifier(await first.issue(clerk))).toMatchObject({ officerId: clerk.officerId });
  expect(await verifier(await second.issue(clerk))).toMatchObject({ officerId: clerk.officerId });
  const published = JSON.parse(await readFile(join(folder, 'jwks.json'), 'utf8'));
  expect(published.keys[0]).not.toHaveProperty('d');
  expect(second.jwks.keys[0]).not.toHaveProperty('d');
  await writeFile(join(folder, 'development-key.json'), 'broken');
  await expect(developmentIssuer(folder)).rejects.toThrow();
});

test.each([
  ['no JSON', '{', 'cannot be read as JSON'],
  ['an unknown setting', '[{"issuer":"a","jwk":"x"}]', 'jwk'],
  ['an unknown role', '[{"issuer":"a","roles":{"claim":"r","names":{"x":"king"}}}]', 'roles'],
  ['an issuer twice', '[{"issuer":"a"},{"issuer":"a"}]', 'twice'],
])('a file of issuers with %s is refused with words', async (_, text, words) => {
  const folder = await mkdtemp(join(tmpdir(), 'issuer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'issuers.json'), text);
  await expect(readIssuers(join(folder, 'issuers.json'))).rejects.toThrow(words);
});
