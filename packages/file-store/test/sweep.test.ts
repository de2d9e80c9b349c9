import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUses, endUses, findFile, lockFiles } from '../src/index.ts';
import { fresh, type OpenStore, openStore } from './support/open-store.ts';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ FILES_UNUSED_DAYS: '30' });
});
afterAll(() => store.stop());

/** Lets so many days pass for every file that nothing carries. */
const pass = (days: number) =>
  store.db.query({
    text: 'update file set unused_since = unused_since - make_interval(days => $1)',
    values: [days],
  });
const isThere = async (sha256: string) => (await findFile(store.db, sha256)) !== undefined;
const carry = (sha256: string, ownerId: string) =>
  store.db.transaction(async (tx) => {
    const there = await lockFiles(tx, [sha256]);
    addUses(tx, [{ sha256, ownerId }]);
    return there.has(sha256);
  });
const leave = (sha256: string, ownerId: string) =>
  store.db.transaction(async (tx) => endUses(tx, [{ sha256, ownerId }]));

test('a file that nothing carries is kept for its grace time, then deleted with its content', async () => {
  const sha256 = await store.upload(fresh());
  await pass(29);
  await store.clean();
  expect(await isThere(sha256)).toBe(true);
  await pass(2);
  await store.clean();
  expect(await isThere(sha256)).toBe(false);
  await store.db.query({ text: `update file_orphan set since = now() - interval '2 days'` });
  await store.clean();
  const rest = await store.db.query({
    text: 'select blob_id from file_chunk union select blob_id from file_orphan',
  });
  expect(rest).toEqual([]);
});

test('a file stays while one of those that carried it does', async () => {
  const sha256 = await store.upload(fresh());
  const [one, other] = [randomUUID(), randomUUID()];
  await carry(sha256, one);
  await carry(sha256, other);
  await pass(60);
  await store.clean();
  await leave(sha256, one);
  await pass(60);
  await store.clean();
  expect(await isThere(sha256)).toBe(true);
  await leave(sha256, other);
  await store.clean();
  expect(await isThere(sha256)).toBe(true);
  await pass(31);
  await store.clean();
  expect(await isThere(sha256)).toBe(false);
});

test('an upload of the same content starts the grace time again', async () => {
  const bytes = fresh();
  const sha256 = await store.upload(bytes);
  await pass(40);
  await store.upload(bytes, randomUUID());
  await store.clean();
  expect(await isThere(sha256)).toBe(true);
});

test('a digest that something names before its content comes is not swept', async () => {
  const bytes = fresh();
  const sha256 = await store.upload(bytes);
  const owner = randomUUID();
  await pass(31);
  await store.clean();
  expect(await isThere(sha256)).toBe(false);
  expect(await carry(sha256, owner)).toBe(false);
  await store.upload(bytes);
  await pass(31);
  await store.clean();
  expect(await isThere(sha256)).toBe(true);
});

describe('a sweep at the same moment', () => {
  test('passes over a file that a command has begun to use', async () => {
    const sha256 = await store.upload(fresh());
    await pass(31);
    await store.db.transaction(async (tx) => {
      expect(await lockFiles(tx, [sha256])).toEqual(new Set([sha256]));
      await store.clean();
      addUses(tx, [{ sha256, ownerId: randomUUID() }]);
    });
    await store.clean();
    expect(await isThere(sha256)).toBe(true);
  });

  test('does not delete a file whose last use ends while a new one begins', async () => {
    const sha256 = await store.upload(fresh());
    const first = randomUUID();
    await carry(sha256, first);
    // The new use writes before the old one ends, and commits after it: neither sees the other.
    await store.db.transaction(async (tx) => {
      await lockFiles(tx, [sha256]);
      addUses(tx, [{ sha256, ownerId: randomUUID() }]);
      await tx.query({ text: 'select 1' });
      await leave(sha256, first);
    });
    await pass(31);
    await store.clean();
    expect(await isThere(sha256)).toBe(true);
  });

  test('finds a file whose last two uses end together', async () => {
    const sha256 = await store.upload(fresh());
    const owners = [randomUUID(), randomUUID()];
    for (const owner of owners) await carry(sha256, owner);
    await Promise.all(owners.map((owner) => leave(sha256, owner)));
    await pass(31);
    await store.clean();
    expect(await isThere(sha256)).toBe(false);
  });

  test('never deletes what is carried, in any order of uses, ends and sweeps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('carry', 'leave', 'sweep'), fc.nat(2), fc.nat(2)), {
          minLength: 4,
          maxLength: 14,
        }),
        async (acts) => {
          const files: string[] = [];
          for (let n = 0; n < 3; n += 1) files.push(await store.upload(fresh(20)));
          const owners = [randomUUID(), randomUUID(), randomUUID()];
          await pass(31);
          await Promise.all(
            acts.map(([act, file, owner]) => {
              const [sha256 = '', ownerId = ''] = [files[file], owners[owner]];
              if (act === 'sweep') return store.clean().then(() => {});
              return act === 'carry' ? carry(sha256, ownerId).then(() => {}) : leave(sha256, ownerId);
            }),
          );
          await pass(31);
          await store.clean();
          const wrong = await store.db.query({
            text: `select encode(u.sha256, 'hex') from file_use u join file f using (sha256) where f.unused_since is not null
                   union all
                   select encode(f.sha256, 'hex') from file f
                    where f.sha256 = any($1::bytea[]) and not exists (select from file_use u where u.sha256 = f.sha256)`,
            values: [files.map((one) => Buffer.from(one, 'hex'))],
          });
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});
