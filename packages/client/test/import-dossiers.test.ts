import { randomUUID } from 'node:crypto';
import { type DossierImport, ImportState, type StageDossiersRequest } from '@lienthong/contracts/casework';
import { refuse } from '@lienthong/kit';
import { expect, test } from 'vitest';
import { Status } from '../src/index.ts';
import { failure, type Handlers, platform } from './platform.ts';

/** An import as the platform keeps it: lines by their number. A dossier comes with each look at it. */
function keeper(begin: Partial<DossierImport> = {}) {
  let state: ImportState | undefined = begin.state;
  let imported = 0;
  const lines = new Map<number, string>();
  const parts: [number, number][] = [];
  const standing = (): DossierImport => {
    if (state === undefined) return refuse({ kind: 'not-found', reason: 'IMPORT_UNKNOWN', message: 'none' });
    const there = [...lines.keys()].toSorted((a, b) => a - b);
    const missing = there.flatMap((line, i) => {
      const from = (there[i - 1] ?? -1) + 1;
      return from < line ? [{ from, to: line }] : [];
    });
    return {
      ...{ id: '', system: '', state, imported, faulty: 0, faultyLines: [], missing, lines: lines.size },
      ...{ stagedAt: undefined, expiresAt: undefined, doneAt: undefined },
    };
  };
  const handlers: Handlers['imports'] = {
    async stageDossiers({ firstLine, dossiers }: StageDossiersRequest) {
      state ??= ImportState.STAGED;
      parts.push([firstLine, firstLine + dossiers.length]);
      for (const [i, { code }] of dossiers.entries()) lines.set(firstLine + i, code);
      return { dossiers: dossiers.map(({ code }, i) => ({ line: firstLine + i, code })) };
    },
    async carryOutImport({ lines: count }) {
      if (lines.size !== count)
        refuse({ kind: 'failed-precondition', reason: 'IMPORT_NOT_READY', message: `${lines.size} lines` });
      state = ImportState.CARRYING_OUT;
      return { import: standing() };
    },
    async getImport() {
      if (state === ImportState.CARRYING_OUT) {
        imported = Math.min(lines.size, imported + Math.ceil(lines.size / 2));
        if (imported === lines.size) state = ImportState.DONE;
      }
      return { import: standing() };
    },
  };
  return { handlers, parts, lines };
}

const dossiers = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ code: `c${i}`, ...more }));
const file = () => ({ importId: randomUUID(), system: 'Một cửa cũ' });

test('a file goes in parts of 500; the reply comes when all dossiers have', async () => {
  const { handlers, parts } = keeper();
  const client = await platform({ imports: handlers });
  const replies: string[] = [];
  const done = await client.importDossiers({
    ...file(),
    dossiers: dossiers(1_001),
    onStaged: (staged) => void replies.push(...staged.map(({ code }) => code)),
  });
  expect(done).toMatchObject({ state: ImportState.DONE, imported: 1_001 });
  expect(parts).toEqual([
    [0, 500],
    [500, 1_000],
    [1_000, 1_001],
  ]);
  expect(replies).toEqual(dossiers(1_001).map(({ code }) => code));
});

test('lines that are kept go again only where the platform lacks them', async () => {
  const { handlers, parts, lines } = keeper({ state: ImportState.STAGED });
  for (const line of [0, 1, 3, 4]) lines.set(line, `c${line}`);
  const client = await platform({ imports: handlers });
  const whole = { ...file(), dossiers: dossiers(7) };
  // Line 2 is missing, lines 5 and 6 never came, and line 1 has changed.
  await client.importDossiers({ ...whole, isKept: (line) => line !== 1 });
  expect(parts).toEqual([
    [1, 3],
    [5, 7],
  ]);
  // What is carried out is only waited for.
  await client.importDossiers({ ...whole, isKept: () => false });
  expect(parts).toHaveLength(2);
});

test('parts that are too large for a message go in halves; a line that is, fails', async () => {
  const { handlers, parts } = keeper();
  const client = await platform({ imports: handlers });
  const notes = Array.from({ length: 100 }, () => ({ at: new Date(), text: 'x'.repeat(15_000) }));
  await client.importDossiers({ ...file(), dossiers: dossiers(5, { notes }) });
  expect(parts).toEqual([
    [0, 2],
    [2, 3],
    [3, 5],
  ]);
  const many = [...notes, ...notes, ...notes];
  const other = await platform({ imports: keeper().handlers });
  const error = await failure(other.importDossiers({ ...file(), dossiers: dossiers(2, { notes: many }) }));
  expect(error.code).toBe(Status.RESOURCE_EXHAUSTED);
});

test('a caller that gives up waits no longer', async () => {
  const { handlers } = keeper();
  const never: Handlers['imports'] = {
    ...handlers,
    getImport: async () => ({ import: { state: ImportState.CARRYING_OUT } }),
  };
  const client = await platform({ imports: never });
  const stop = new AbortController();
  const moved = client.importDossiers({ ...file(), dossiers: dossiers(1), signal: stop.signal });
  stop.abort();
  await expect(moved).rejects.toThrow(/abort/i);
});

test('what is only checked is not carried out', async () => {
  const { handlers } = keeper();
  const client = await platform({ imports: handlers });
  const checked = await client.importDossiers({ ...file(), dossiers: dossiers(3), checkOnly: true });
  expect(checked).toMatchObject({ state: ImportState.STAGED, lines: 3, imported: 0 });
});
