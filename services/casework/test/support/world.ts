import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { Agency, CalendarYear, Officer } from '@lienthong/contracts/directory';
import type { Procedure } from '@lienthong/contracts/registry';
import type { NewEvent } from '@lienthong/eventlog';
import { type Database, openDatabase, type Role, uuidv7 } from '@lienthong/kit';
import { announced, appointed, decided } from '@lienthong/reference-data/testing';
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
import { expect, vi } from 'vitest';
import { casework } from '../../src/service.ts';

export interface World {
  clock: ManualClock;
  stack: TestStack;
  /** The service's own database, to look at what it wrote. */
  db: Database;
  /** Events of the directory and the registry; each resolves when the service has consumed them. */
  announce(...agencies: Agency[]): Promise<void>;
  appoint(...officers: Officer[]): Promise<void>;
  decideYears(...years: CalendarYear[]): Promise<void>;
  /** A version of a procedure with its present state. */
  publish(...procedures: Procedure[]): Promise<void>;
  /** A client for an officer, on one of the processes. */
  as(officer: Pick<Officer, 'id' | 'agencyId' | 'roles'>, process?: number): AgencyClient;
  /** A client for a citizen, without a token. */
  citizen(): AgencyClient;
  /** Stops all processes and starts as many; `between` runs while none runs. */
  restart(between?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  env?: Record<string, string>;
  /** ISO; what the clock shows at first. */
  at?: string;
  /** How many processes run the service, on one database. */
  processes?: number;
}

/** Timers would interfere with tests of other behaviour, so they are off unless `env` sets them. */
const QUIET = { CASEWORK_TIMER_CHECK_MS: '3600000' };

/**
 * The real service with event logs of a directory and a registry beside it. The clock stands on Thursday, 15 January
 * 2026, 08:00 in Vietnam, until a test sets it.
 */
export async function openWorld({
  env = {},
  at = '2026-01-15T01:00:00Z',
  processes = 1,
}: WorldOptions = {}): Promise<World> {
  const stack = await testStack();
  const clock = manualClock(at);
  const sources = {
    directory: await testEventSource(stack, 'directory'),
    registry: await testEventSource(stack, 'registry'),
  };
  let running = await run();
  const db = openDatabase({
    url: stack.databaseUrl,
    schema: 'casework',
    connections: 2,
    onError: (error) => console.error(error),
  });
  const clients = new Map<string, AgencyClient>();
  const closeClients = () => {
    for (const client of clients.values()) client.close();
    clients.clear();
  };

  /** Started one after the other: tokens of the first are valid for all. */
  async function run(): Promise<RunningServices[]> {
    const started: RunningServices[] = [];
    for (let n = 0; n < processes; n += 1)
      started.push(
        await runTestServices([casework], stack, {
          clock,
          connections: 8,
          env: { ...QUIET, ...env },
          issuer: started[0]?.issuer,
        }),
      );
    return started;
  }

  function client(key: string, process: number, token?: (at: RunningServices) => Promise<string>) {
    const there = clients.get(`${key} ${process}`);
    if (there) return there;
    const at = running[process];
    if (at === undefined) throw new Error(`there is no process ${process}`);
    const made = connectAgency({ address: at.address, token: token && (() => token(at)) });
    clients.set(`${key} ${process}`, made);
    return made;
  }

  const versions = new Map<string, { id: string; version: number }>();
  /** Each procedure code is one aggregate, whose events are numbered. */
  function registered(procedure: Procedure): NewEvent {
    const code = versions.get(procedure.code) ?? { id: uuidv7(), version: 0 };
    versions.set(procedure.code, { ...code, version: code.version + 1 });
    return {
      type: 'lienthong.registry.v1.ProcedurePublished',
      payload: { procedure },
      aggregateId: code.id,
      version: code.version + 1,
      agencyCode: '',
      agencyId: '',
    };
  }

  return {
    clock,
    stack,
    db,
    announce: (...agencies) =>
      publishAndWait(sources.directory, db, 'agency', agencies.map(announced), agencyId),
    appoint: (...officers) =>
      publishAndWait(sources.directory, db, 'officer', officers.map(appointed), aggregateId),
    decideYears: (...years) =>
      publishAndWait(
        sources.directory,
        db,
        'calendar_year',
        years.map((year) => decided(yearId(year), year)),
        aggregateId,
      ),
    publish: (...procedures) =>
      publishAndWait(
        sources.registry,
        db,
        'procedure',
        procedures.map(registered),
        (_, i) => procedures[i]?.id ?? '',
      ),
    as: ({ id, agencyId: agency, roles }, process = 0) =>
      client(`${id} ${agency} ${roles.join()}`, process, async ({ bearer }) => {
        const token = await bearer({ agencyId: agency, officerId: id, roles: roles as Role[] });
        return token.slice('Bearer '.length);
      }),
    citizen: () => client('citizen', 0),
    async restart(between) {
      closeClients();
      for (const one of running) await one.stop();
      await between?.();
      running = await run();
    },
    async stop() {
      closeClients();
      for (const one of running) await one.stop();
      for (const source of Object.values(sources)) await source.stop();
      await db.close();
      await stack.close();
    },
  };
}

const aggregateId = (event: NewEvent): string => event.aggregateId;
const agencyId = (event: NewEvent): string => event.agencyId;
const yearId = ({ year }: CalendarYear): string =>
  `00000000-0000-7000-8000-${String(year).padStart(12, '0')}`;

/** Publishes, and waits until the service's copy has each record in the version of its last event. */
async function publishAndWait(
  source: TestEventSource,
  db: Database,
  table: string,
  events: readonly NewEvent[],
  idOf: (event: NewEvent, index: number) => string,
): Promise<void> {
  await source.publish(events);
  const expected = new Map(events.map((event, i) => [idOf(event, i), event.version]));
  await vi.waitFor(async () => {
    const rows = await db.query<{ id: string; version: number }>({
      text: `select id, version from ${table} where id = any($1::uuid[])`,
      values: [[...expected.keys()]],
    });
    expect(new Map(rows.map((row) => [row.id, row.version]))).toEqual(expected);
  }, 20_000);
}
