import { createSealer, type Database, migrate, openDatabase, uuidv7 } from '@lienthong/kit';
import { createReferenceCache, saveAgencies } from '@lienthong/reference-data';
import { type TestDatabase, testDatabase } from '@lienthong/testkit';
import { sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../src/domain/decision/command.ts';
import { decide } from '../src/domain/decision/decide.ts';
import type { Decision } from '../src/domain/decision/events.ts';
import { casework } from '../src/service.ts';
import { readDossiers } from '../src/store/dossiers.ts';
import { loadWorld } from '../src/store/load.ts';
import { createProcedureCache, saveProcedures } from '../src/store/procedures.ts';
import { writeChanges } from '../src/store/project.ts';
import { procedure } from './support/procedures.ts';
import { sampleProvince } from './support/province.ts';
import { callerFrom, completing, lodging } from './support/scenario.ts';

const province = sampleProvince();
const twoSteps = procedure(sequence('s', step('mot'), step('hai')));
const NOW = Date.parse('2026-01-15T01:00:00Z');

let database: TestDatabase;
// Two processes at once, each with its own memory and its own connections.
let here: Process;
let there: Process;

interface Process {
  db: Database;
  /** Carries a command out in a transaction that stays open until `release` resolves. */
  carryOut(command: Command, release?: Promise<void>): { loaded: Promise<void>; decided: Promise<Decision> };
}

function startProcess(): Process {
  const db = openDatabase({
    url: database.databaseUrl,
    schema: 'casework',
    connections: 2,
    onError: (error) => console.error(error),
  });
  const sealer = createSealer(`test:${Buffer.alloc(32, 7).toString('base64')}`);
  const [reference, procedures] = [createReferenceCache(), createProcedureCache()];
  return {
    db,
    carryOut(command, release = Promise.resolve()) {
      const loaded = Promise.withResolvers<void>();
      const decided = db.transaction(async (tx) => {
        const world = await loadWorld(tx, reference, procedures, [command]);
        loaded.resolve();
        const decision = decide(command, world);
        if (!decision.ok) throw new Error(decision.refusal.message);
        await release;
        writeChanges(tx, { procedures, sealer }, [decision.value.change]);
        return decision.value;
      });
      return { loaded: loaded.promise, decided };
    },
  };
}

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.databaseUrl, 'casework', casework.migrations);
  [here, there] = [startProcess(), startProcess()];
  await here.db.transaction(async (tx) => {
    saveAgencies(
      tx,
      Object.values(province).map(({ agency }) => agency),
    );
    saveProcedures(tx, [{ procedure: twoSteps, version: 1 }]);
  });
});
afterAll(async () => {
  await here.db.close();
  await there.db.close();
  await database.drop();
});

const lodge = (id = uuidv7(), of = twoSteps): Command =>
  lodging({ province, now: NOW }, id, of, {
    papers: [{ key: 'don', name: 'Đơn đề nghị', sha256: '', originals: 1, copies: 0 }],
  });
const complete = (dossierId: string, taskNumber: number): Command => ({
  ...completing(),
  caller: callerFrom(province.commune.officer),
  now: NOW,
  dossierId,
  taskNumber,
});

/** Database sessions that wait for the lock of another. */
async function waiting(): Promise<number> {
  const [row] = await here.db.query<{ n: number }>({
    text: `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  });
  return row?.n ?? 0;
}

test('processes change a dossier one after the other, each from the state that the other left', async () => {
  const id = uuidv7();
  await here.carryOut(lodge(id)).decided;
  const release = Promise.withResolvers<void>();
  const first = here.carryOut(complete(id, 1), release.promise);
  await first.loaded;
  // Only open once the first is done.
  const second = there.carryOut(complete(id, 2));
  await expect.poll(waiting).toBe(1);
  release.resolve();
  await first.decided;
  await second.decided;
  const dossier = (await readDossiers(here.db, [id])).get(id);
  expect(dossier?.finishedAt).toBe(NOW);
});

test('processes draw numbers one after the other, under the lock of the series', async () => {
  const release = Promise.withResolvers<void>();
  // The row of the series exists, so only its lock can make the second wait.
  await here.carryOut(lodge()).decided;
  const first = here.carryOut(lodge(), release.promise);
  await first.loaded;
  const second = there.carryOut(lodge());
  await expect.poll(waiting).toBe(1);
  release.resolve();
  const codes = [await first.decided, await second.decided].map(({ change }) => change.dossier.code);
  const [a = 0, b = 0] = codes.map((code) => Number(code.slice(-4)));
  expect(b).toBe(a + 1);
});

test('a command sees reference data as new as its transaction, not the older copy of the process', async () => {
  await here.carryOut(lodge()).decided;
  const late = procedure(step('moi'));
  await there.db.transaction(async (tx) => saveProcedures(tx, [{ procedure: late, version: 1 }]));
  const { change } = await here.carryOut(lodge(uuidv7(), late)).decided;
  expect(change.dossier.procedureId).toBe(late.id);
});

test('an older version of a procedure never replaces a newer one', async () => {
  const repealed = { ...procedure(step('mot')), endedOn: '2026-01-10' };
  const save = ({ db }: Process, endedOn: string, version: number) =>
    db.transaction(async (tx) => saveProcedures(tx, [{ procedure: { ...repealed, endedOn }, version }]));
  await save(here, '2026-01-10', 2);
  await save(there, '', 1);
  const call = here.carryOut(lodge(uuidv7(), repealed)).decided;
  await expect(call).rejects.toThrow(/is in force/);
});
