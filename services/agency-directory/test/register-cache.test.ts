import { Agency } from '@lienthong/contracts/directory';
import { type Database, uuidv7 } from '@lienthong/kit';
import type { TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RegisterCache } from '../src/store/register-cache.ts';
import { advanceRegister, writeAgencies } from '../src/store/write-agencies.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let db: Database;
beforeAll(async () => {
  directory = await openWorld();
  ({ db } = directory);
});
afterAll(() => directory.stop());

const agency = () => Agency.fromPartial({ id: uuidv7(), names: [{ name: 'Xã Mẫu' }], version: 1n });
const lookUp = (cache: RegisterCache, id: string) =>
  db.transaction(async (tx) => (await cache.lock(tx)).get(id));

test('the register in memory follows what is committed, here and in other processes, and nothing else', async () => {
  const [here, there] = [new RegisterCache(), new RegisterCache()];
  const [lost, kept] = [agency(), agency()];
  const lose = db.transaction(async (tx) => {
    const register = await here.lock(tx);
    register.put(lost);
    advanceRegister(tx);
    writeAgencies(tx, [lost]);
    throw new Error('rolled back');
  });
  await expect(lose).rejects.toThrow('rolled back');
  expect(await lookUp(here, lost.id)).toBeUndefined();

  await db.transaction(async (tx) => {
    (await here.lock(tx)).put(kept);
    advanceRegister(tx);
    writeAgencies(tx, [kept]);
  });
  for (const cache of [here, there]) {
    expect(await lookUp(cache, kept.id)).toEqual(kept);
    expect(await lookUp(cache, lost.id)).toBeUndefined();
  }

  const renamed = { ...kept, version: 2n };
  await db.transaction(async (tx) => {
    await there.lock(tx);
    advanceRegister(tx);
    writeAgencies(tx, [renamed]);
  });
  expect(await lookUp(here, kept.id)).toEqual(renamed);
});
