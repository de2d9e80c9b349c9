import { randomBytes } from 'node:crypto';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { Agency, CalendarYear, Officer } from '@lienthong/contracts/directory';
import type { NewEvent } from '@lienthong/eventlog';
import { type Database, openDatabase, type Role } from '@lienthong/kit';
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
import { notification } from '../../src/service.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';

type Source = 'casework' | 'routing' | 'feed';

export interface World {
  clock: ManualClock;
  stack: TestStack;
  db: Database;
  post: PostOffice;
  env: Record<string, string>;
  announce(...agencies: Agency[]): Promise<void>;
  appoint(...officers: Officer[]): Promise<void>;
  decideYears(...years: CalendarYear[]): Promise<void>;
  /** Publishes events; resolves when the service has applied them. */
  publishAndWait(source: Source, ...events: NewEvent[]): Promise<void>;
  /** Publishes without waiting. */
  publish(source: Source, ...events: NewEvent[]): Promise<void>;
  as(officer: Pick<Officer, 'id' | 'agencyId' | 'roles'>): AgencyClient;
  operator(): AgencyClient;
  citizen(): AgencyClient;
  /** Ends the service and starts it with other settings; earlier clients no longer work. */
  restart(env: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The real service, a real mail server, and event logs that stand in for the other services. The clock stands on
 * Thursday, 15 January 2026, 08:00 in Vietnam, until a test moves it.
 */
export async function openWorld(env: Record<string, string> = {}, run = true): Promise<World> {
  const stack = await testStack();
  const clock = manualClock('2026-01-15T01:00:00Z');
  const post = await openPostOffice();
  const sources: Record<'directory' | Source, TestEventSource> = {
    directory: await testEventSource(stack, 'directory'),
    casework: await testEventSource(stack, 'casework'),
    routing: await testEventSource(stack, 'routing'),
    feed: await testEventSource(stack, 'feed'),
  };
  const settings = {
    LIENTHONG_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SMTP_URL: `smtp://127.0.0.1:${post.port}`,
    SMTP_STARTTLS: 'never',
    MAIL_FROM: 'Liên Thông <thongbao@vinhlong.example>',
    NOTIFICATION_SEND_CHECK_MS: '20',
    NOTIFICATION_REMINDER_CHECK_MS: '50',
    ...env,
  };
  let running: RunningServices | undefined;
  const start = async (more: Record<string, string> = {}) => {
    const all = { ...settings, ...more };
    running = await runTestServices([notification], stack, { clock, connections: 8, env: all });
  };
  if (run) await start();
  const db = openDatabase({
    url: stack.databaseUrl,
    schema: 'notification',
    connections: 2,
    onError: (error) => console.error(error),
  });
  const clients: AgencyClient[] = [];
  const positions = { casework: 0, routing: 0, feed: 0 };

  const client = (token?: (at: RunningServices) => Promise<string>): AgencyClient => {
    if (running === undefined) throw new Error('the service does not run in this process');
    const at = running;
    const made = connectAgency({ address: at.address, token: token && (() => token(at)) });
    clients.push(made);
    return made;
  };
  const withToken = (agencyId: string, officerId: string, roles: readonly Role[]) =>
    client(async ({ bearer }) => (await bearer({ agencyId, officerId, roles })).slice('Bearer '.length));

  async function known(table: string, events: readonly NewEvent[], idOf: (event: NewEvent) => string) {
    await sources.directory.publish(events);
    await vi.waitFor(async () => {
      for (const event of events) {
        const rows = await db.query<{ version: number }>({
          text: `select version from ${table} where id = $1`,
          values: [idOf(event)],
        });
        expect(rows).toEqual([{ version: event.version }]);
      }
    }, 20_000);
  }

  return {
    clock,
    stack,
    db,
    post,
    env: settings,
    announce: (...agencies) => known('agency', agencies.map(announced), (event) => event.agencyId),
    appoint: (...officers) => known('officer', officers.map(appointed), (event) => event.aggregateId),
    decideYears: (...years) =>
      known(
        'calendar_year',
        years.map((year) => decided(`00000000-0000-7000-8000-${String(year.year).padStart(12, '0')}`, year)),
        (event) => event.aggregateId,
      ),
    async publish(source, ...events) {
      await sources[source].publish(events);
      positions[source] += events.length;
    },
    async publishAndWait(source, ...events) {
      await sources[source].publish(events);
      positions[source] += events.length;
      await vi.waitFor(async () => {
        const rows = await db.query<{ position: number }>({
          text: 'select position from consumer_cursor where source = $1',
          values: [source],
        });
        expect(rows).toEqual([{ position: positions[source] }]);
        expect(await db.query({ text: 'select error from parked_event' })).toEqual([]);
      }, 20_000);
    },
    as: ({ agencyId, id, roles }) => withToken(agencyId, id, roles as Role[]),
    operator: () => withToken('', 'operator', ['admin']),
    citizen: () => client(),
    async restart(more) {
      for (const one of clients.splice(0)) one.close();
      await running?.stop();
      await start(more);
    },
    async stop() {
      for (const one of clients) one.close();
      await running?.stop();
      for (const source of Object.values(sources)) await source.stop();
      await post.close();
      await db.close();
      await stack.close();
    },
  };
}
