import type { ChildProcess } from 'node:child_process';
import { createSealer, migrate } from '@lienthong/kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { notification } from '../src/service.ts';
import { saveOfficerContact } from '../src/store/contacts.ts';
import { endLeases, processes } from './support/children.ts';
import { dossierEvents } from './support/events.ts';
import { outline } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * A process dies (SIGKILL) while it sends many, a few at a time; another takes over. No message is lost; one that was
 * taken by the mail server and not yet recorded comes again under the same id. Step by step: crash-steps.test.ts.
 */
let world: World;
const people = outline();
const WAIT = 40_000;
const EMAIL = 'crash@xa.example';

beforeEach(async () => {
  world = await openWorld({ NOTIFICATION_LEASE_S: '15', NOTIFICATION_BATCH: '5' }, 0);
  await migrate(world.stack.databaseUrl, 'notification', notification.migrations);
  const sealer = createSealer(world.env.LIENTHONG_SEALING_KEYS ?? '');
  await world.db.transaction(async (tx) =>
    saveOfficerContact(tx, sealer, people.expert.id, { email: EMAIL, phone: '' }, new Date()),
  );
});
afterEach(async () => {
  await processes.killAll();
  await world.stop();
});

const { kill } = processes;
const start = () => processes.start(world);

const COUNT = 12;
const assign = () =>
  world.publish(
    ...Array.from({ length: COUNT }, (_, i) =>
      dossierEvents(people.commune, `H61.29542-260115-${String(i + 1).padStart(4, '0')}`).assigned(
        people.expert,
      ),
    ),
  );
const count = async (where: string) => {
  const [row] = await world.db.query<{ n: number }>({
    text: `select count(*)::int as n from notification where channel = 2 and ${where}`,
  });
  return row?.n;
};

/** Everything was planned once and sent, and the mail server has seen each id; returns what came more than once. */
async function expectWhole(): Promise<string[]> {
  await vi.waitFor(async () => expect(await count('state = 2')).toBe(COUNT), {
    timeout: WAIT,
    interval: 100,
  });
  expect(await count('true')).toBe(COUNT);
  const planned = await world.db.query<{ id: string }>({
    text: 'select id from notification where channel = 2',
  });
  const ids = world.post.mails.map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set(planned.map(({ id }) => id)));
  return ids.filter((id, i) => ids.indexOf(id) !== i);
}

/** Kills the process at the moment the mail server has a mail and before it answers, the n-th time. */
const killAtMail = (child: ChildProcess, n: number) =>
  new Promise<void>((done) => {
    let seen = 0;
    world.post.onMail(() => {
      seen += 1;
      if (seen === n) void kill(child).then(done);
    });
  });

test.each([1, 4, 12])(
  'killed as mail %i is with the server: that one at most comes again',
  async (n) => {
    const child = await start();
    const killed = killAtMail(child, n);
    await assign();
    await killed;
    world.post.onMail(undefined);
    await endLeases(world.db);
    await start();
    const again = await expectWhole();
    expect(again.length).toBeLessThanOrEqual(1);
  },
  60_000,
);

test('two processes share the work: nothing is sent twice', async () => {
  await start();
  await start();
  await assign();
  expect(await expectWhole()).toEqual([]);
}, 60_000);
