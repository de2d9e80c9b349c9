import { DeliveryStatus } from '@lienthong/contracts/routing';
import type { ConsumerOptions, EventType, NewEvent, ReceivedEvent } from '@lienthong/eventlog';
import { createLog, type Database, type Tx, uuidv7 } from '@lienthong/kit';
import { createReferenceCache } from '@lienthong/reference-data';
import { agency, officer } from '@lienthong/reference-data/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { caseworkConsumer } from '../src/consumers/casework.ts';
import { routingConsumer } from '../src/consumers/routing.ts';
import type { KnownChannel } from '../src/domain/topics.ts';
import { createPlanner } from '../src/plan-messages.ts';
import { createTemplates } from '../src/templates/templates.ts';
import { documentEvents, dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

/** What a batch of events costs: statements, and flights (statements that are sent together). */
let world: World;
let people: Awaited<ReturnType<typeof province>>;
let plan: { documents: ConsumerOptions<never>; dossiers: ConsumerOptions<never> };
beforeAll(async () => {
  world = await openWorld();
  people = await province(world);
});
beforeEach(() => {
  const planner = createPlanner({
    clock: world.clock,
    reference: createReferenceCache(),
    templates: createTemplates(createLog('test', 'silent')),
    configured: new Set<KnownChannel>([1, 2, 3, 4]),
  });
  plan = {
    documents: routingConsumer(
      planner,
      () => true,
      async () => {},
    ) as unknown as ConsumerOptions<never>,
    dossiers: caseworkConsumer(
      planner,
      () => true,
      async () => {},
    ) as unknown as ConsumerOptions<never>,
  };
});
afterAll(() => world.stop());

interface Cost {
  statements: number;
  flights: number;
}

async function costOf(db: Database, run: (tx: Tx) => Promise<void>): Promise<Cost> {
  const cost = { statements: 0, flights: 0 };
  let flying = false;
  const counted = () => {
    cost.statements += 1;
    if (flying) return;
    flying = true;
    cost.flights += 1;
    process.nextTick(() => {
      flying = false;
    });
  };
  await db.transaction((tx) =>
    run({
      query(sql) {
        counted();
        return tx.query(sql);
      },
      send(sql) {
        counted();
        tx.send(sql);
      },
      onCommit: tx.onCommit,
    }),
  );
  return cost;
}

const received = (event: NewEvent): ReceivedEvent =>
  ({
    type: event.type as EventType,
    payload: event.payload,
    envelope: { eventId: uuidv7(), occurredAt: world.clock.now(), aggregateId: event.aggregateId },
  }) as unknown as ReceivedEvent;

/** Once before, so that what is read the first time only (the directory) is not counted. */
async function consume(which: 'documents' | 'dossiers', events: readonly NewEvent[]): Promise<Cost> {
  await costOf(world.db, async (tx) => plan[which].handle(tx, [] as never));
  return costOf(world.db, async (tx) => plan[which].handle(tx, events.map(received) as never));
}

const communes = (n: number) =>
  Array.from({ length: n }, (_, i) => agency({ code: `H61.${40_000 + i}`, name: `Ủy ban nhân dân xã ${i}` }));
const rows = async () => {
  const [row] = await world.db.query<{ n: number }>({ text: 'select count(*)::int as n from notification' });
  return row?.n ?? 0;
};

test('events of documents without messages cost no statement, those that end a delivery cost one', async () => {
  const document = documentEvents(people.province, communes(250));
  const before = await rows();
  const accepted = Array.from({ length: 250 }, (_, i) => document.reported(i, DeliveryStatus.ACCEPTED));
  expect(await consume('documents', accepted)).toEqual({ statements: 0, flights: 0 });
  const answered = Array.from({ length: 250 }, (_, i) => document.answered(i));
  expect(await consume('documents', answered)).toEqual({ statements: 1, flights: 1 });
  expect(await rows()).toBe(before);
});

test('a document to many costs as many statements as one to one agency', async () => {
  const one = await consume('documents', documentEvents(people.province, communes(1)).issued());
  const before = await rows();
  const many = await consume('documents', documentEvents(people.province, communes(250)).issued());
  expect(many).toEqual(one);
  expect(many.flights).toBeLessThanOrEqual(3);
  expect(many.statements).toBeLessThanOrEqual(12);
  // One message to each, in the application: nothing is written for channels without preference.
  expect((await rows()) - before).toBe(250);
});

test('deliveries that move cost as many statements as one that moves', async () => {
  const document = documentEvents(people.province, communes(100), { dueOn: '2026-03-01' });
  await consume('documents', document.issued());
  const one = await consume('documents', [document.rerouted(0, people.commune)]);
  const many = await consume(
    'documents',
    Array.from({ length: 99 }, (_, i) => document.rerouted(i + 1, people.commune)),
  );
  expect(many).toEqual(one);
  const moved = await world.db.query<{ agency_id: string }>({
    text: 'select distinct agency_id from reminder where document_id = $1',
    values: [document.id],
  });
  expect(moved).toEqual([{ agency_id: people.commune.id }]);
});

test('dossiers without followers cost one read, for any number', async () => {
  const before = await rows();
  const events = Array.from({ length: 250 }, (_, i) =>
    dossierEvents(people.commune, `H61.29542-260115-${String(i).padStart(4, '0')}`).accepted(),
  );
  const many = await consume('dossiers', events);
  expect(many).toEqual(await consume('dossiers', events.slice(0, 1)));
  expect(many.flights).toBe(1);
  expect(await rows()).toBe(before);
});

test('tasks of many officers cost as many statements as one of one', async () => {
  const assigned = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      dossierEvents(people.commune, `H61.29542-260116-${String(i).padStart(4, '0')}`).assigned(
        officer({ agencyId: people.commune.id, fullName: 'Cán Bộ' }),
      ),
    );
  const one = await consume('dossiers', assigned(1));
  expect(await consume('dossiers', assigned(250))).toEqual(one);
  expect(one.flights).toBeLessThanOrEqual(3);
});
