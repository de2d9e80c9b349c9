import { Agency } from '@lienthong/contracts/directory';
import type { Database } from '@lienthong/kit';
import { type AgencyBook, agencyBook, chainUp, responsibleFor } from '@lienthong/reference-data';
import type { TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findResponsible } from '../src/store/responsible.ts';
import { departmentMerges, departments, JULY, MARCH, oldTree, provinceMerge } from './support/vinh-long.ts';
import { openWorld } from './support/world.ts';

// Services answer from their copy what the directory answers from its tables; both must say the same.
let directory: TestWorld;
let db: Database;
let copy: AgencyBook;

beforeAll(async () => {
  directory = await openWorld();
  const lines = oldTree();
  // Districts and one commune in five hold functions of their own, and departments hold some of these as well.
  const own = ['business', 'land', 'civil-status', 'one-stop'];
  const tree = lines.map((line, i) =>
    i % 5 === 0 && !line.functions?.length ? { ...line, functions: [own[i % own.length] ?? ''] } : line,
  );
  await directory.admin.importAgencies({ legalBasis: 'QĐ 19/2025/QĐ-TTg' }, tree);
  await directory.admin.directory.reorganise({ effectiveOn: MARCH, parts: departmentMerges() });
  await directory.admin.directory.reorganise({ effectiveOn: JULY, parts: provinceMerge() });
  ({ db } = directory);
  copy = agencyBook();
  for (const { record } of await db.query<{ record: Buffer }>({ text: 'select record from agency' }))
    copy.put(Agency.decode(record));
});
afterAll(() => directory.stop());

test('a copy finds who is responsible where the directory does', async () => {
  const functions = new Set([
    ...departments.flatMap((one) => one.functions.split(';')),
    'civil-status',
    'none',
  ]);
  const territories = [...copy.all()].filter((_, i) => i % 8 === 0);
  const steps = new Map<number, number>();
  for (const date of ['2025-02-28', MARCH, '2025-06-30', JULY])
    for (const { id: territoryId } of territories) {
      const answers = await Promise.all(
        [...functions].map(async (fn) => ({
          fn,
          theirs: await findResponsible(db, { function: fn, territoryId, at: date }),
        })),
      );
      for (const { fn, theirs } of answers) {
        const ours = responsibleFor(copy, fn, territoryId, date);
        expect([fn, territoryId, date, ours?.id]).toEqual([fn, territoryId, date, theirs?.agency.id]);
        steps.set(theirs?.path.length ?? 0, (steps.get(theirs?.path.length ?? 0) ?? 0) + 1);
        // Where the responsible agency is above the territory, the way there is the same too.
        const way = ours && chainUp(copy, territoryId, ours.id, date);
        if (way) expect(way.map((one) => one.id)).toEqual(theirs?.path);
      }
    }
  // Nobody, the territory itself, one, two and three steps away: each was among the answers.
  expect([...steps.keys()].sort()).toEqual([0, 1, 2, 3, 4]);
}, 60_000);
