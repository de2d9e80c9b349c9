import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Status } from '@lienthong/client';
import { OperationsServiceDefinition } from '@lienthong/contracts/operations';
import { generateKeyPair, SignJWT } from 'jose';
import { createClient } from 'nice-grpc';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Caller,
  developmentIssuer,
  loadKeys,
  RefusalError,
  TOKEN_AUDIENCE,
  tokenVerifier,
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
  const verify = tokenVerifier(issuer.keys, issuer.issuer);
  const reasonOf = async (token: string, verifier = verify): Promise<string> => {
    const error: unknown = await verifier(token).catch((error) => error);
    expect(error).toBeInstanceOf(RefusalError);
    return (error as RefusalError).refusal.reason;
  };

  test('of the issuer is its caller', async () => {
    const token = await issuer.issue(clerk);
    expect(await verify(token)).toEqual(clerk);
    expect(await verify(token)).toEqual(clerk);
  });

  test('may carry roles of other systems, which are ignored', async () => {
    const token = await issuer.issue({ ...clerk, roles: ['clerk', 'offline_access'] as never });
    expect((await verify(token)).roles).toEqual(['clerk']);
  });

  test('that has expired says so, remembered or not', async () => {
    expect(await reasonOf(await issuer.issue(clerk, -60))).toBe('TOKEN_EXPIRED');
    // Good for the moment within the clock tolerance, and never from memory once expired.
    const closing = await issuer.issue(clerk, -2);
    expect(await verify(closing)).toEqual(clerk);
  });

  test.each([
    ['is garbage', async () => 'not.a.token'],
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
    const keys = async () => publicKey;
    const verifier = tokenVerifier(keys as never, 'the-province');
    const signed = (payload: object) =>
      new SignJWT({ ...claims(), iss: 'the-province', ...payload })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey);

    test('is accepted', async () => {
      const caller: Caller = { agencyId: clerk.agencyId, officerId: 'officer-1', roles: ['clerk'] };
      expect(await verifier(await signed({}))).toEqual(caller);
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
  });

  test('is UNAVAILABLE, not invalid, while the issuer’s keys cannot be read', async () => {
    let answer = { status: 503, body: '' };
    const keyServer = createServer((_, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(keyServer, 'listening');
    onTestFinished(() => void keyServer.close());
    const { port } = keyServer.address() as AddressInfo;
    const remote = tokenVerifier(await loadKeys(`http://127.0.0.1:${port}/jwks.json`), issuer.issuer);
    const token = await issuer.issue(clerk);
    expect(await reasonOf(token, remote)).toBe('ISSUER_UNAVAILABLE');
    answer = { status: 200, body: 'no JSON' };
    expect(await reasonOf(token, remote)).toBe('ISSUER_UNAVAILABLE');
    answer = { status: 200, body: JSON.stringify(issuer.jwks) };
    expect(await remote(token)).toEqual(clerk);
    const nowhere = tokenVerifier(await loadKeys('http://127.0.0.1:1/jwks.json'), issuer.issuer);
    expect(await reasonOf(token, nowhere)).toBe('ISSUER_UNAVAILABLE');
  });
});

test('the development issuer keeps its key in a folder, secret and public apart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'issuer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = await developmentIssuer(folder);
  const second = await developmentIssuer(folder);
  const verifier = tokenVerifier(await loadKeys(join(folder, 'jwks.json')), first.issuer);
  expect(await verifier(await first.issue(clerk))).toEqual(clerk);
  expect(await verifier(await second.issue(clerk))).toEqual(clerk);
  const published = JSON.parse(await readFile(join(folder, 'jwks.json'), 'utf8'));
  expect(published.keys[0]).not.toHaveProperty('d');
  expect(second.jwks.keys[0]).not.toHaveProperty('d');
  await writeFile(join(folder, 'development-key.json'), 'broken');
  await expect(developmentIssuer(folder)).rejects.toThrow();
});
