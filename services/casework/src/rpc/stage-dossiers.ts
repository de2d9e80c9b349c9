import {
  Applicant,
  type ImportedDossier,
  ImportState,
  type StagedDossier,
} from '@lienthong/contracts/casework';
import { encodeEvent } from '@lienthong/contracts/events';
import { addUses, endUses } from '@lienthong/file-store';
import { type Context, drawSecret, field, oncePerField, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { toDate } from '../domain/dossier/messages.ts';
import type { World } from '../domain/dossier/world.ts';
import { digestsLikelyIn, digestsOf, fileKey } from '../domain/files/named.ts';
import { importLine } from '../domain/imports/import.ts';
import type { Fault, ImportLine } from '../domain/imports/line.ts';
import {
  deleteLines,
  insertLines,
  type StagedRow,
  stagedPlace,
  takenCodes,
  touchImport,
} from '../store/imports.ts';
import { encodeDossier, encodeTask } from '../store/record.ts';
import { lockReferences } from '../store/usable-files.ts';
import { takeTurns } from '../turns.ts';
import { type Deps, Imports, mutation } from './deps.ts';
import { requiredText } from './fields.ts';
import { readLine } from './imported-dossier.ts';
import { IMPORTS_DOSSIERS, importUnknown, MAX_LINES } from './imports.ts';

const MAX_PART = 500;
const MAX_FAULTS = 20;
const LINES_PER_COST = 25;

const dossiers = z.array(z.custom<ImportedDossier>()).superRefine((many, context) => {
  if (many.length >= 1 && many.length <= MAX_PART) return;
  const params = { reason: many.length === 0 ? 'FIELD_REQUIRED' : 'TOO_MANY' };
  context.addIssue({ code: 'custom', message: `must be 1 to ${MAX_PART}; there are ${many.length}`, params });
});

const firstLine = z.number().superRefine((line, context) => {
  if (Number.isInteger(line) && line >= 0 && line < MAX_LINES) return;
  const params = { reason: 'LINE_INVALID' };
  context.addIssue({
    code: 'custom',
    message: `must be from 0 to ${MAX_LINES - 1}; split a larger file`,
    params,
  });
});

/** Refuses: IMPORT_UNKNOWN, IMPORT_CARRIED_OUT, IMPORT_OF_OTHER_SYSTEM. */
export const stageDossiers = mutation(Imports.stageDossiers, {
  policy: IMPORTS_DOSSIERS,
  request: z.object({ importId: field.uuid, system: requiredText(200), firstLine, dossiers }),
  cost: ({ dossiers }) => 1 + dossiers.length / LINES_PER_COST,
  maxBytes: 4 * 1024 * 1024,
  maxValues: 60_000,
  sealer: ({ sealer }) => sealer,
  async run(tx, { importId, system, firstLine: first, dossiers }, context, deps) {
    const { caller, now } = context;
    const begun = await touchImport(tx, { id: importId, agencyId: caller.agencyId, system, now });
    if (begun?.agency_id !== caller.agencyId) return refuse(importUnknown);
    if (begun.state !== ImportState.STAGED) refuse(carriedOut);
    if (begun.system !== system) refuse(otherSystem(begun.system));
    const end = first + dossiers.length;
    const turns = takeTurns();
    const read: ReturnType<typeof readLine>[] = [];
    for (const one of dossiers) {
      read.push(readLine(one));
      await turns.next();
    }
    const lines = read.flatMap((one) => ('line' in one ? one.line : []));
    const references = lines
      .flatMap(filesNamed)
      .map((sha256) => ({ callerId: caller.agencyId, sha256, now: now.getTime() }));
    const [taken, usable, gone] = await Promise.all([
      takenCodes(
        tx,
        lines.map(({ code }) => code),
        { id: importId, first, end },
      ),
      lockReferences(tx, deps.reference.agencies, references),
      deleteLines(tx, importId, first, end),
      deps.reference.refresh(tx),
      deps.procedures.refresh(tx),
    ]);
    const world = worldOf(deps, context, usable);
    const seen = new Map<string, number>();
    const rows: StagedRow[] = [];
    const staged: StagedDossier[] = [];
    for (const [i, one] of read.entries()) {
      const at = first + i;
      const { row, reply } =
        'faults' in one
          ? faulty(at, dossiers[i]?.code ?? '', one.faults)
          : stage(at, one.line, faultOfCode(one.line.code, taken, seen), {
              world,
              context,
              importId,
              system,
              deps,
            });
      if ('line' in one && !seen.has(one.line.code)) seen.set(one.line.code, at);
      rows.push(row);
      staged.push(reply);
      await turns.next();
    }
    insertLines(tx, importId, rows);
    endUses(
      tx,
      gone.flatMap(({ dossier_id: ownerId, files }) => files.map((sha256) => ({ sha256, ownerId }))),
    );
    addUses(
      tx,
      rows.flatMap(({ dossier_id: ownerId, files }) => files.map((sha256) => ({ sha256, ownerId }))),
    );
    return { dossiers: staged };
  },
});

/** The files are the importer's, whichever agency acted in the other system. */
function worldOf({ reference, procedures }: Deps, { caller }: Context, usable: ReadonlySet<string>): World {
  const { agencies, officers, calendars } = reference;
  const files = { has: (key: string) => usable.has(fileKey(caller.agencyId, key.split(' ')[1] ?? '')) };
  return { dossiers: new Map(), nextNumbers: new Map(), files, agencies, officers, calendars, procedures };
}

const filesNamed = ({ papers, data, acts }: ImportLine): string[] => [
  ...digestsOf(papers),
  ...digestsLikelyIn(data),
  ...acts.flatMap((act) => {
    if (act.kind === 'supplementReceived') return digestsOf(act.papers);
    return act.kind === 'completed' ? digestsOf(act.results) : [];
  }),
];

function faultOfCode(
  code: string,
  taken: ReadonlyMap<string, 'dossier' | 'import'>,
  seen: ReadonlyMap<string, number>,
): Fault[] {
  const wrong = (description: string): Fault[] => [{ field: 'code', reason: 'CODE_EXISTS', description }];
  const before = seen.get(code);
  if (before !== undefined) return wrong(`is the code of lines[${before}] too; each dossier has one line`);
  switch (taken.get(code)) {
    case 'dossier':
      return wrong('is the code of a dossier that is here already; leave the line out');
    case 'import':
      return wrong(
        'is the code of another line of this import, or of one that is carried out; leave one of them out',
      );
    default:
      return [];
  }
}

interface Staging {
  world: World;
  context: Context;
  importId: string;
  system: string;
  deps: Deps;
}

function stage(
  at: number,
  line: ImportLine,
  faults: Fault[],
  { world, context: { caller, now }, importId, system, deps }: Staging,
): { row: StagedRow; reply: StagedDossier } {
  const { agencyId, officerId } = caller;
  const [dossierId, secret] = [uuidv7(), drawSecret()];
  const source = { system, importId, at: now.getTime(), agencyId, officerId };
  const imported = importLine(line, { dossierId, secret, source, world, now: now.getTime() });
  if ('faults' in imported) return faulty(at, line.code, [...faults, ...imported.faults]);
  if (faults.length > 0) return faulty(at, line.code, faults);
  const { events, change } = imported.decision;
  const { dossier, tasks, files } = change;
  const [event] = events;
  if (event === undefined) throw new Error(`the import of ${dossier.code} has no event`);
  const applicant = JSON.stringify(Applicant.toJSON(line.applicant));
  return {
    row: {
      line: at,
      dossier_id: dossierId,
      code: line.code,
      faults: null,
      record: encodeDossier(dossier),
      tasks: tasks.map(encodeTask),
      event: encodeEvent(event.type, event.payload as never),
      agency_code: event.agencyCode,
      notes: JSON.stringify(line.notes),
      files: files?.carried ?? [],
      sealed: deps.sealer.seal(applicant, stagedPlace(dossierId)),
    },
    reply: {
      line: at,
      code: line.code,
      dossierId,
      trackingSecret: secret,
      status: dossier.status,
      dueAt: toDate(dossier.dueAt),
      dueProvisional: dossier.provisional,
      faults: [],
    },
  };
}

function faulty(at: number, code: string, all: Fault[]): { row: StagedRow; reply: StagedDossier } {
  const faults = oncePerField(all).slice(0, MAX_FAULTS);
  const blank = {
    record: '',
    tasks: [],
    event: new Uint8Array(),
    agency_code: '',
    notes: '[]',
    files: [],
    sealed: '',
  };
  return {
    row: { line: at, dossier_id: uuidv7(), code: '', faults: JSON.stringify(faults), ...blank },
    reply: {
      ...{
        line: at,
        code,
        dossierId: '',
        trackingSecret: '',
        status: 0,
        dueAt: undefined,
        dueProvisional: false,
      },
      faults,
    },
  };
}

const carriedOut = {
  kind: 'failed-precondition',
  reason: 'IMPORT_CARRIED_OUT',
  message: 'the import is carried out; stage further dossiers under a new import_id',
} as const;

const otherSystem = (system: string) => ({
  kind: 'failed-precondition' as const,
  reason: 'IMPORT_OF_OTHER_SYSTEM',
  message: `the import began with dossiers of ${system}; use a new import_id for another system`,
});
