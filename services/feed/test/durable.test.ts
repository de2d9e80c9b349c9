import { openDatabase } from '@lienthong/kit';
import { expect, onTestFinished, test } from 'vitest';
import { clerkOf, commune, hasAll, issuer, openWorld, status } from './support/world.ts';

test('events are on the disk before anybody is told: their numbers are cursors, and may never be given to others', async () => {
  const world = await openWorld();
  const db = openDatabase({
    url: world.stack.databaseUrl,
    schema: 'feed',
    connections: 1,
    onError: () => {},
  });
  onTestFinished(async () => {
    await db.close();
    await world.close();
  });
  // What the commit will do, asked by the last thing that happens before it.
  await db.query({ text: 'create table commits (waits text not null)' });
  await db.query({
    text: `create function note_commit() returns trigger language plpgsql as
           $$begin insert into commits values (current_setting('synchronous_commit')); return null; end$$`,
  });
  await db.query({
    text: `create constraint trigger noting after insert on feed_event deferrable initially deferred
           for each row execute function note_commit()`,
  });
  await world.publish(Array.from({ length: 5 }, () => status(issuer, commune)));
  await hasAll(await world.client(clerkOf(commune)), 5);
  expect(await db.query({ text: 'select waits, count(*)::int as n from commits group by waits' })).toEqual([
    { waits: 'on', n: 5 },
  ]);
});
