import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type RunningConsole, startConsole } from '@lienthong/console';
import type { Officer } from '@lienthong/contracts/directory';
import {
  type Caller,
  createLog,
  createSealer,
  developmentIssuer,
  LOOPBACK_ONLY,
  vietnamDate,
} from '@lienthong/kit';
import { officersOf, PROVINCE_CODE, resolve, settled } from '@lienthong/sample-data';
import { runTestServices, testStack } from '@lienthong/testkit';
import { administrator } from '../../src/administrator.ts';
import { signInForDevelopment } from '../../src/issuer/development.ts';
import { openIssuerServer } from '../../src/issuer/server.ts';
import { loadSample } from '../../src/sample.ts';
import { services } from '../../src/services.ts';

export interface Pages {
  web: RunningConsole;
  admin: AgencyClient;
  databaseUrl: string;
  /** @param after of a client's `written`: what that client wrote is known to every service that this one calls */
  as(caller: Caller, after?: string): AgencyClient;
  stop(): Promise<void>;
}

export interface StaffPages extends Pages {
  /** Of the province, and of one of its communes. */
  province: Staff;
  commune: Staff;
}

/** An agency with the officers of the sample data. */
export interface Staff {
  agencyId: string;
  name: string;
  head: Person;
  clerk: Person;
}

export interface Person {
  fullName: string;
  /** As the sign-in shows them. */
  about: string;
  client: AgencyClient;
}

const COMMUNE_CODE = `${PROVINCE_CODE}.29551`;
const CLIENT = 'lienthong-console';

/** The platform without any agency, the development issuer, and a console with its pages as the sources have them. */
export async function startPages(env: Record<string, string> = {}): Promise<Pages> {
  const build = join(import.meta.dirname, '../../../console/app/build.ts');
  const built = spawnSync(process.execPath, [build], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the pages cannot be built: ${built.stderr}`);
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-pages-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const issuerServer = await openIssuerServer('127.0.0.1:0', false);
  const issuer = await developmentIssuer(undefined, issuerServer.url);
  const running = await runTestServices(services, stack, {
    issuer,
    env: {
      LIENTHONG_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      TRUSTED_PROXIES: '127.0.0.1',
      ...env,
    },
  });
  const web = await startConsole({
    listen: '127.0.0.1:0',
    tls: LOOPBACK_ONLY,
    platform: { address: running.address },
    provider: { issuer: issuerServer.url, clientId: CLIENT, scope: 'openid' },
    sealer: createSealer(`test:${randomBytes(32).toString('base64')}`),
    connections: { CONNECTIONS: 1_000, CONNECTIONS_PER_ADDRESS: 1_000, TRUSTED_PROXIES: [] },
    log: createLog('pages', process.env.TEST_LOG_LEVEL ?? 'silent'),
  });
  const clients: AgencyClient[] = [];
  const as = (caller: Caller, after?: string) => {
    const token = () => issuer.issue(caller);
    const client = connectAgency({ address: running.address, token, after });
    clients.push(client);
    return client;
  };
  const admin = as(administrator);
  issuerServer.serve(issuer);
  issuerServer.signIn(signInForDevelopment(admin, [{ clientId: CLIENT, redirectUris: [web.redirectUri] }]));
  return {
    web,
    admin,
    databaseUrl: stack.databaseUrl,
    as,
    async stop() {
      for (const client of clients) client.close();
      await web.stop();
      await running.stop();
      await issuerServer.stop();
      await stack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same with the sample data. */
export async function startStaffPages(): Promise<StaffPages> {
  const pages = await startPages();
  const { admin } = pages;
  await loadSample(admin, () => {});
  await settled(admin);
  const today = vietnamDate(new Date());
  async function staffOf(code: string): Promise<Staff> {
    const agencyId = (await resolve(admin, code, today)) ?? '';
    const officers = await officersOf(admin, agencyId, today);
    if (officers === undefined) throw new Error(`the sample data has no officers of ${code}`);
    const { agency } = await admin.directory.getAgency({ agencyId });
    const name = agency?.names.at(-1)?.name ?? '';
    const person = ({ id, fullName, position, roles }: Officer): Person => ({
      fullName,
      about: `${position}, ${name}`,
      client: pages.as({ agencyId, officerId: id, roles: roles as Caller['roles'] }),
    });
    return { agencyId, name, head: person(officers.head), clerk: person(officers.clerk) };
  }
  return { ...pages, province: await staffOf(PROVINCE_CODE), commune: await staffOf(COMMUNE_CODE) };
}
