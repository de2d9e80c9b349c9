import { randomUUID } from 'node:crypto';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type Agency, Tier } from '@lienthong/contracts/directory';
import type { Decision, Definition, Procedure } from '@lienthong/contracts/registry';
import { type Database, openDatabase, type Role } from '@lienthong/kit';
import { agency, announced } from '@lienthong/reference-data/testing';
import {
  type ManualClock,
  manualClock,
  type RunningServices,
  runTestServices,
  type TestEventSource,
  type TestStack,
  testEventSource,
  testStack,
} from '@lienthong/testkit';
import { definition, sequence, step } from '@lienthong/workflow/testing';
import { expect, vi } from 'vitest';
import { procedureRegistry } from '../../src/service.ts';

const FUNCTIONS = [
  'land',
  'environment',
  'agriculture',
  'finance',
  'business-registration',
  'construction',
  'transport',
  'civil-status',
  'justice',
  'health',
  'social-protection',
];

/** A province with one department for everything, one commune, and one that ended into it. */
export const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long', tier: Tier.PROVINCE });
export const department = agency({
  code: 'H61.CM',
  name: 'Sở chuyên môn',
  tier: Tier.DEPARTMENT,
  parentId: province.id,
  functions: FUNCTIONS,
});
export const commune = agency({
  code: 'H61.29551',
  name: 'Ủy ban nhân dân phường Long Châu',
  parentId: province.id,
});

export interface World {
  clock: ManualClock;
  stack: TestStack;
  running: RunningServices;
  db: Database;
  /** The platform's administrator. */
  admin: AgencyClient;
  /** Somebody without a token. */
  anybody: AgencyClient;
  as(role: Role): AgencyClient;
  /** What the directory says; resolves when the service knows it. */
  announce(...agencies: Agency[]): Promise<void>;
  /** Another process of the same service on the same stack. */
  another(): Promise<{ admin: AgencyClient; stop(): Promise<void> }>;
  /** Ends the service and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The real service with a directory's event log beside it; its clock stands on 15 January 2026, 08:00 in Vietnam. */
export async function openWorld(): Promise<World> {
  const stack = await testStack();
  const clock = manualClock('2026-01-15T01:00:00Z');
  const directory: TestEventSource = await testEventSource(stack, 'directory');
  const clients: AgencyClient[] = [];
  let running = await runTestServices([procedureRegistry], stack, { clock });
  const db = openDatabase({
    url: stack.databaseUrl,
    schema: 'procedure_registry',
    connections: 1,
    onError: (error) => console.error(error),
  });
  const known = new Map<string, bigint>();

  const connect = (to: RunningServices, role?: Role): AgencyClient => {
    const caller = { agencyId: '', officerId: 'quản trị', roles: role ? [role] : [] };
    const client = connectAgency({
      address: to.address,
      token: role && (async () => (await running.bearer(caller)).slice('Bearer '.length)),
    });
    clients.push(client);
    return client;
  };

  const world: World = {
    clock,
    stack,
    running,
    db,
    admin: connect(running, 'admin'),
    anybody: connect(running),
    as: (role) => connect(running, role),
    async announce(...agencies) {
      await directory.publish(agencies.map(announced));
      for (const one of agencies) known.set(one.id, one.version);
      await vi.waitFor(async () => {
        const rows = await db.query<{ id: string; version: number }>({
          text: 'select id, version from agency',
        });
        expect(new Map(rows.map((row) => [row.id, BigInt(row.version)]))).toEqual(known);
      }, 20_000);
    },
    async another() {
      const { issuer } = running;
      const other = await runTestServices([procedureRegistry], stack, { clock, issuer });
      return { admin: connect(other, 'admin'), stop: other.stop };
    },
    async restart() {
      const { issuer } = running;
      await running.stop();
      running = await runTestServices([procedureRegistry], stack, { clock, issuer });
      world.running = running;
      world.admin = connect(running, 'admin');
      world.anybody = connect(running);
    },
    async stop() {
      for (const client of clients) client.close();
      await running.stop();
      await directory.stop();
      await db.close();
      await stack.close();
    },
  };
  await world.announce(province, department, commune);
  return world;
}

export const decision: Decision = {
  number: '12/QĐ-UBND',
  decidedOn: '2026-01-14',
  signerName: 'Nguyễn Văn A',
  signerPosition: 'Chủ tịch',
};

let codes = 0;
/** A procedure code that no other test of the file has. */
export function freshCode(): string {
  codes += 1;
  return `9.${String(codes).padStart(6, '0')}`;
}

/** A sound procedure, of one step unless a workflow is given, with whatever is to be different. */
export const sound = ({ workflow, ...more }: Partial<Definition> = {}): Definition =>
  definition(workflow?.root ?? sequence('all', step('lam', { produces: ['giay-phep'] })), {
    code: freshCode(),
    kind: 'TTHC được luật giao quy định chi tiết',
    coordinatingAgencies: [{ performer: { $case: 'function', value: 'construction' } }],
    ...more,
  });

/** Drafts, validates and publishes; gives the version as published. */
export async function publish(
  client: AgencyClient,
  given: Definition,
  effectiveOn = '2026-01-15',
): Promise<Procedure> {
  const { procedure } = await client.procedures.draftProcedure({
    requestId: randomUUID(),
    definition: given,
  });
  return publishDraft(client, procedure?.id, effectiveOn);
}

export async function publishDraft(
  client: AgencyClient,
  procedureId: string | undefined,
  effectiveOn: string,
): Promise<Procedure> {
  const { problems } = await client.procedures.validateProcedure({ requestId: randomUUID(), procedureId });
  expect(problems).toEqual([]);
  const published = await client.procedures.publishProcedure({
    requestId: randomUUID(),
    procedureId,
    effectiveOn,
    decision,
  });
  return published.procedure as Procedure;
}
