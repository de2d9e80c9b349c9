import { expect, onTestFinished, test } from 'vitest';
import { clerkOf, commune, hasAll, issuer, openWorld, status } from './support/world.ts';

test('events are on disk before a reader gets them: their numbers are cursors, and no other event may get them', async () => {
  const world = await openWorld();
  onTestFinished(world.stop);
  const { db } = world;
  // The commit's setting, read by the last trigger before it.
  await db.query({ text: 'create table commits (waits text not null)' });
  await db.query({
    text: `create function note_commit() returns trigger language plpgsql as
           $$begin insert into commits values (current_setting('synchronous_commit')); return null; end$$`,
  });
  await db.query({
    text: `create constraint trigger noting after insert on feed_event deferrable initially deferred
           for each row execute function note_commit()`,
  });
  await world.publish(...Array.from({ length: 5 }, () => status(issuer, commune)));
  await hasAll(await world.client(clerkOf(commune)), 5);
  expect(await db.query({ text: 'select waits, count(*)::int as n from commits group by waits' })).toEqual([
    { waits: 'on', n: 5 },
  ]);
});
