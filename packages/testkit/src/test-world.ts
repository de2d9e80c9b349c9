import { randomUUID } from 'node:crypto';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { Agency, CalendarYear, Officer } from '@lienthong/contracts/directory';
import { eventContracts } from '@lienthong/contracts/events';
import type { EventSource, NewEvent } from '@lienthong/eventlog';
import {
  type Caller,
  type Clock,
  type Database,
  type DevelopmentIssuer,
  developmentIssuer,
  type Role,
  type Service,
  schemaOf,
} from '@lienthong/kit';
import { announced, appointed, decided, officerMoved, relieved } from '@lienthong/reference-data/testing';
import type { CompatServiceDefinition } from 'nice-grpc';
import { type TestEventSource, testEventSource } from './event-source.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { type RpcClient, rpcClient } from './rpc-client.ts';
import { type RunningServices, runTestServices } from './running.ts';
import { openTestDatabase, type TestStack, testStack } from './test-stack.ts';
import { waitForConsumers, waitForCopies } from './wait-for-service.ts';

/** The platform's administrator. */
export const ADMIN: Caller = { agencyId: '', officerId: 'quản trị', roles: ['admin'] };

/** Who calls: a caller, or an officer of the directory. */
export type TestCaller = Caller | Pick<Officer, 'id' | 'agencyId' | 'roles'>;

export interface TestWorldOptions {
  /** The services that the test replaces by an event log of their own. */
  sources?: readonly EventSource[];
  env?: Record<string, string>;
  /** ISO; what `clock` shows at first. Default: Thursday, 15 January 2026, 08:00 in Vietnam. */
  at?: string;
  /** For the service, in place of the world's `clock`. */
  clock?: Clock | undefined;
  /** How many processes run the service, on one database; default 1. */
  processes?: number;
}

export interface TestWorld {
  clock: ManualClock;
  stack: TestStack;
  issuer: DevelopmentIssuer;
  /** The service's own schema, to look at what it wrote. */
  db: Database;
  env: Readonly<Record<string, string>>;
  /** One of the processes that run the service; throws when no process has this number. */
  running(process?: number): RunningServices;
  /** A client of a caller, the same for each call until a restart. */
  as(caller: TestCaller, process?: number): AgencyClient;
  readonly admin: AgencyClient;
  /** A client without a token. */
  readonly anybody: AgencyClient;
  /** A client of one RPC service that shows errors as gRPC carries them, and retries nothing. */
  rpc<S extends CompatServiceDefinition>(service: S, caller: Caller): Promise<RpcClient<S>>;
  /** Publishes events, each as the service that it comes from; does not wait for the service under test. */
  publish(...events: readonly NewEvent[]): Promise<void>;
  /** Resolves when the service's consumers have applied all that these sources published; an event that one parks fails it. */
  publishAndWait(...events: readonly NewEvent[]): Promise<void>;
  /** Events of the directory; each resolves when the service has copied the records. */
  announce(...agencies: Agency[]): Promise<void>;
  appoint(...officers: Officer[]): Promise<void>;
  /** The last posting of each officer has a predecessor in `earlier`. */
  move(...officers: Officer[]): Promise<void>;
  relieve(officer: Officer, effectiveOn: string): Promise<void>;
  decideYears(...years: CalendarYear[]): Promise<void>;
  /** Resolves when a table of the service has these ids in these versions. */
  copied(table: string, versions: ReadonlyMap<string, number>): Promise<void>;
  /** Stops all processes, and starts as many with more settings; `between` runs while none runs. */
  restart(env?: Record<string, string>, between?: () => unknown): Promise<void>;
  stop(): Promise<void>;
}

/** A real service on a stack of its own, and real event logs in place of the services that it hears. */
export async function testWorld(service: Service, options: TestWorldOptions = {}): Promise<TestWorld> {
  const { env = {}, processes = 1, at = '2026-01-15T01:00:00Z' } = options;
  const stack = await testStack();
  const clock = manualClock(at);
  const issuer = await developmentIssuer();
  const sources = new Map<EventSource, TestEventSource>();
  for (const source of options.sources ?? []) sources.set(source, await testEventSource(stack, source));
  const db = openTestDatabase(stack.databaseUrl, schemaOf(service.name));
  const clients = new Map<string, { close(): void }>();
  let running: RunningServices[] = [];

  async function start(more: Record<string, string> = {}) {
    const settings = { clock: options.clock ?? clock, issuer, env: { ...env, ...more } };
    while (running.length < processes) running.push(await runTestServices([service], stack, settings));
  }

  /** Clients are closed last: what becomes of their calls is the server's doing. */
  async function end() {
    for (const one of running) await one.stop();
    running = [];
    for (const client of clients.values()) client.close();
    clients.clear();
  }

  function processOf(n = 0): RunningServices {
    const process = running[n];
    if (process === undefined) throw new Error(`there is no process ${n}`);
    return process;
  }

  function client(process: number, caller?: Caller): AgencyClient {
    const key = JSON.stringify([process, caller]);
    const { address } = processOf(process);
    const made =
      (clients.get(key) as AgencyClient | undefined) ??
      connectAgency({ address, ...(caller && { token: () => issuer.issue(caller) }) });
    clients.set(key, made);
    return made;
  }

  function logOf(source: EventSource): TestEventSource {
    const log = sources.get(source);
    if (log === undefined) throw new Error(`${source} is not among the sources of this world`);
    return log;
  }

  async function publish(...events: readonly NewEvent[]) {
    for (const source of sourcesOf(events))
      await logOf(source).publish(events.filter((event) => sourceOf(event) === source));
  }

  /** For events whose aggregate is the record that is copied. */
  async function publishCopied(table: string, events: readonly NewEvent[]) {
    await publish(...events);
    await copied(table, new Map(events.map((event) => [event.aggregateId, event.version])));
  }

  async function copied(table: string, versions: ReadonlyMap<string, number>) {
    await waitForCopies(db, table, versions);
    await Promise.all(running.map((one) => one.refreshDirectories()));
  }

  await start();
  return {
    clock,
    stack,
    issuer,
    db,
    env,
    running: processOf,
    as: (caller, process = 0) => client(process, toCaller(caller)),
    get admin() {
      return client(0, ADMIN);
    },
    get anybody() {
      return client(0);
    },
    async rpc(definition, caller) {
      const client = rpcClient(processOf().address, definition, await issuer.issue(caller));
      clients.set(randomUUID(), client);
      return client;
    },
    publish,
    async publishAndWait(...events) {
      await publish(...events);
      for (const source of sourcesOf(events)) await waitForConsumers(db, source, logOf(source).published());
      await Promise.all(running.map((one) => one.refreshDirectories()));
    },
    announce: (...agencies) => publishCopied('agency', agencies.map(announced)),
    appoint: (...officers) => publishCopied('officer', officers.map(appointed)),
    move: (...officers) => publishCopied('officer', officers.map(officerMoved)),
    relieve: (officer, effectiveOn) => publishCopied('officer', [relieved(officer, effectiveOn)]),
    decideYears: (...years) =>
      publishCopied(
        'calendar_year',
        years.map((year) => decided(yearId(year), year)),
      ),
    copied,
    async restart(more, between) {
      await end();
      await between?.();
      await start(more);
    },
    async stop() {
      await end();
      for (const log of sources.values()) await log.stop();
      await db.close();
      await stack.close();
    },
  };
}

const sourceOf = ({ type }: NewEvent): EventSource => eventContracts[type].source;
const sourcesOf = (events: readonly NewEvent[]) => [...new Set(events.map(sourceOf))];

const toCaller = (caller: TestCaller): Caller =>
  'officerId' in caller
    ? caller
    : { agencyId: caller.agencyId, officerId: caller.id, roles: caller.roles as Role[] };

/** Each decided year is one aggregate. */
const yearId = ({ year }: CalendarYear): string =>
  `00000000-0000-7000-8000-${String(year).padStart(12, '0')}`;
