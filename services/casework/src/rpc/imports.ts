/** An import as a whole: carried out, looked at, discarded. */
import { type DossierImport, ImportState } from '@lienthong/contracts/casework';
import { endUses } from '@lienthong/file-store';
import {
  type Context,
  type FieldViolation,
  field,
  type Policy,
  type Reader,
  type Refusal,
  refuse,
} from '@lienthong/kit';
import { z } from 'zod';
import { toDate } from '../domain/dossier/messages.ts';
import {
  countLines,
  deleteImport,
  deleteLines,
  IMPORT_KEPT_MS,
  type ImportRow,
  lockImports,
  orderImport,
  readFaulty,
  readGaps,
  readImport,
  reserveCodes,
  takenLines,
} from '../store/imports.ts';
import { Imports, mutation, query } from './deps.ts';

/** A system moves an agency's dossiers in; people do not backdate them one by one. */
export const IMPORTS_DOSSIERS: Policy = { anyOf: ['system'], ofAgency: true };

const MAX_SHOWN = 100;
const MAX_VIOLATIONS = 500;
/** Of one import. */
export const MAX_LINES = 100_000;

export const importUnknown: Refusal = {
  kind: 'not-found',
  reason: 'IMPORT_UNKNOWN',
  message: 'your agency has no such import; stage its lines first',
};

const importId = field.uuid;

/** Refuses: IMPORT_UNKNOWN, IMPORT_NOT_READY. An import that is carried out already stays as it is. */
export const carryOutImport = mutation(Imports.carryOutImport, {
  policy: IMPORTS_DOSSIERS,
  request: z.object({
    importId,
    lines: z.number().superRefine((lines, context) => {
      if (Number.isInteger(lines) && lines >= 1 && lines <= MAX_LINES) return;
      const params = { reason: 'LINE_INVALID' };
      context.addIssue({ code: 'custom', message: `must be 1 to ${MAX_LINES}`, params });
    }),
  }),
  cost: 50,
  async run(tx, { importId, lines }, { caller, now }) {
    const all = await lockImports(tx);
    const before = all.find(({ id }) => id === importId) ?? (await readImport(tx, importId));
    if (before === undefined || before.agency_id !== caller.agencyId) return refuse(importUnknown);
    if (before.state !== ImportState.STAGED) return { import: await toMessage(tx, before) };
    const violations = await problemsOf(tx, importId, lines);
    if (violations.length > 0) refuse(notReady(violations));
    // Live lodgings draw no number of these codes from here on, and what they drew before is seen below.
    await reserveCodes(tx, importId);
    const taken = await takenLines(tx, importId, MAX_VIOLATIONS);
    if (taken.length > 0)
      refuse(
        notReady(
          taken.map(({ line }) => ({
            field: `lines[${line}].code`,
            reason: 'CODE_EXISTS',
            description:
              'is the code of a dossier that came meanwhile, or of another line; leave the line out',
          })),
        ),
      );
    orderImport(tx, importId, caller.officerId, now);
    return { import: await toMessage(tx, { ...before, state: ImportState.CARRYING_OUT }) };
  },
  afterwards: ({ importing }) => importing.wake(),
});

const notReady = (violations: readonly FieldViolation[]): Refusal => ({
  kind: 'failed-precondition',
  reason: 'IMPORT_NOT_READY',
  message: `nothing is imported: ${violations.length} faults; correct these lines, stage them again, then carry it out`,
  violations,
});

async function problemsOf(reader: Reader, importId: string, lines: number): Promise<FieldViolation[]> {
  const [faulty, gaps, counts] = await Promise.all([
    readFaulty(reader, importId, MAX_VIOLATIONS),
    readGaps(reader, importId, MAX_SHOWN),
    countLines(reader, importId),
  ]);
  const found: FieldViolation[] = faulty.flatMap(({ line, faults }) =>
    faults.map((one) => ({ ...one, field: [`lines[${line}]`, one.field].filter(Boolean).join('.') })),
  );
  const missing = (first: number, end: number): FieldViolation => ({
    field: `lines[${first}]`,
    reason: 'LINE_MISSING',
    description: end - first === 1 ? 'is missing; stage it' : `to lines[${end - 1}] are missing; stage them`,
  });
  const { last } = counts;
  if (last + 1 < lines) gaps.push({ first: last + 1, end: lines });
  if (last + 1 > lines)
    found.push({
      field: 'lines',
      reason: 'LINES_DIFFER',
      description: `is ${lines}, but lines up to lines[${last}] are staged; give how many the file has, or discard the import`,
    });
  return [...found, ...gaps.map(({ first, end }) => missing(first, end))].slice(0, MAX_VIOLATIONS);
}

/** Refuses: IMPORT_UNKNOWN. */
export const getImport = query(Imports.getImport, {
  policy: IMPORTS_DOSSIERS,
  request: z.object({ importId }),
  handle: async ({ importId }, context, { db }) => ({
    import: await toMessage(db, await importFor(db, importId, context)),
  }),
});

/** Refuses: IMPORT_UNKNOWN, IMPORT_CARRIED_OUT. */
export const discardImport = mutation(Imports.discardImport, {
  policy: IMPORTS_DOSSIERS,
  request: z.object({ importId }),
  async run(tx, { importId }, context) {
    await lockImports(tx);
    const { state } = await importFor(tx, importId, context);
    if (state !== ImportState.STAGED)
      refuse({
        kind: 'failed-precondition',
        reason: 'IMPORT_CARRIED_OUT',
        message: 'the import is carried out; its dossiers stay',
      });
    const gone = await deleteLines(tx, importId, 0, MAX_LINES);
    endUses(
      tx,
      gone.flatMap(({ dossier_id: ownerId, files }) => files.map((sha256) => ({ sha256, ownerId }))),
    );
    deleteImport(tx, importId);
    return {};
  },
});

async function importFor(reader: Reader, importId: string, { caller }: Context): Promise<ImportRow> {
  const row = await readImport(reader, importId);
  return row?.agency_id === caller.agencyId ? row : refuse(importUnknown);
}

async function toMessage(reader: Reader, row: ImportRow): Promise<DossierImport> {
  const [counts, faulty, gaps] = await Promise.all([
    countLines(reader, row.id),
    readFaulty(reader, row.id, MAX_SHOWN),
    row.state === ImportState.STAGED ? readGaps(reader, row.id, MAX_SHOWN) : [],
  ]);
  return {
    id: row.id,
    system: row.system,
    state: row.state,
    lines: counts.lines + row.imported,
    imported: row.imported,
    faulty: counts.faulty,
    faultyLines: faulty,
    missing: gaps.map(({ first, end }) => ({ from: first, to: end })),
    stagedAt: row.staged_at,
    expiresAt:
      row.state === ImportState.STAGED ? toDate(row.staged_at.getTime() + IMPORT_KEPT_MS) : undefined,
    doneAt: row.done_at ?? undefined,
  };
}
