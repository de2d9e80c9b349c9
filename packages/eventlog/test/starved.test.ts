import { type Caller, isUnavailable } from '@lienthong/kit';
import { type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectWhole, readApplied, readLog, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

// PostgreSQL serves, but lacks disk or memory, or ends a transaction for another's sake: nothing is wrong with the event.

const OPERATOR: Caller = { agencyId: '', officerId: 'quản trị', roles: ['admin'] };
/** An event is parked at the end of this many attempts alone. */
const ATTEMPTS = 3;
let stack: TestStack;
let one: Fixture;
let poison: boolean;

beforeEach(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
  poison = false;
  one.consume('seen', {
    before: () => {
      if (poison) throw new Error('cannot apply');
    },
  });
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

/** The next `times` statements that insert into the table fail with the SQLSTATE. */
async function starve(table: string, code: string, times: number): Promise<void> {
  for (const text of [
    // A sequence counts what is rolled back too.
    'create sequence inserts',
    `create function starve() returns trigger language plpgsql as $$
       begin
         if nextval('inserts') <= ${times} then raise 'starved' using errcode = '${code}'; end if;
         return null;
       end $$`,
    `create trigger starve before insert on ${table} execute function starve()`,
  ])
    await one.db.query({ text });
}
const inserts = async () => (await one.db.query({ text: 'select last_value as n from inserts' }))[0];
const parked = async () =>
  (await one.log.operations.part.parked('seen', undefined, 100)).map(({ error }) => error);

test.each(['53100', '40P01'])('an event is not parked for %s: it is applied later, once', async (code) => {
  await starve('applied', code, ATTEMPTS);
  await one.grow({ tally: crypto.randomUUID() });
  await one.start();
  await waitUntilCaughtUp(one, ['seen']);
  expect(await parked()).toEqual([]);
  await expectWhole(one, stack, ['seen']);
  expect(await inserts()).toEqual({ n: ATTEMPTS + 1 });
});

test('a replay on a full disk ends with that error, and each event keeps its own', async () => {
  poison = true;
  await one.grow({ tally: crypto.randomUUID() });
  await one.start();
  await waitUntilCaughtUp(one, ['seen']);
  poison = false;
  await starve('applied', '53100', 1);
  const { replay } = one.log.operations.part;
  await expect(replay('seen', undefined, OPERATOR)).rejects.toMatchObject({ code: '53100' });
  expect(await parked()).toEqual(['cannot apply']);
  expect(await replay('seen', undefined, OPERATOR)).toEqual({ replayed: 1, stillParked: 0 });
  // The replays are events too, and overtook it.
  await waitUntilCaughtUp(one, ['seen']);
  const applied = (await readApplied(one, 'seen')).map(({ position }) => position);
  expect(applied.sort((a, b) => a - b)).toEqual((await readLog(one)).map(({ position }) => position));
});

test('commands on a full disk fail together, are not tried one by one, and leave nothing', async () => {
  await starve('event', '53100', 1);
  const tallies = Array.from({ length: 5 }, () => crypto.randomUUID());
  const requestIds = tallies.map(() => crypto.randomUUID());
  const growAll = () =>
    Promise.allSettled(tallies.map((tally, i) => one.grow({ tally }, requestIds[i] as string)));
  for (const result of await growAll())
    expect(result).toMatchObject({ status: 'rejected', reason: expect.toSatisfy(isUnavailable) });
  expect(await readLog(one)).toEqual([]);
  expect(await inserts()).toEqual({ n: 1 });
  expect(await growAll()).toEqual(tallies.map(() => ({ status: 'fulfilled', value: 1 })));
});
