import { Applicant, RecomputeCause } from '@lienthong/contracts/casework';
import { decodeEvent } from '@lienthong/contracts/events';
import type { NewEvent } from '@lienthong/eventlog';
import { type DueWorker, dueWorker, pause, type Tx } from '@lienthong/kit';
import { recomputeDeadlines } from '../domain/deadlines/recompute.ts';
import { decideForPlatform } from '../domain/decision/platform.ts';
import type { DossierChange } from '../domain/dossier/state.ts';
import { bringUpToDate } from '../domain/succession/reroute.ts';
import {
  countImported,
  type ImportRow,
  lockNextImport,
  type StagedRow,
  stagedPlace,
  takeLines,
} from '../store/imports.ts';
import { writeChanges } from '../store/project.ts';
import { decodeDossier, decodeTask } from '../store/record.ts';
import { takeTurns } from '../turns.ts';
import type { PlatformDeps } from './platform-batch.ts';

/** Dossiers in one transaction: it holds the log's lock no longer than a batch of calls does. */
const BATCH = 200;
/** Live calls have the database for this part of a batch's time after each batch. */
const REST = 0.5;
const TYPE = 'lienthong.casework.v1.DossierImported';

/**
 * Carries imports out: each batch moves lines into the tables and the log in one transaction, in their order, whichever
 * process dies. What the directory or a calendar changed since the lines were checked follows as events of its own.
 */
export function createImporting(deps: PlatformDeps & { everyMs: number }): DueWorker {
  const { db, clock, log, everyMs } = deps;

  /** Undefined when nothing is left to do, or another process does it. */
  const carryOn = (): Promise<number | undefined> =>
    db.transaction(async (tx) => {
      const next = await lockNextImport(tx);
      if (next === undefined) return undefined;
      const rows = await takeLines(tx, next.id, BATCH);
      if (rows.length > 0) await importBatch(tx, deps, next, rows);
      countImported(tx, next.id, rows.length, rows.length < BATCH ? clock.now() : null);
      return rows.length;
    });

  return dueWorker({
    name: 'imports',
    log,
    everyMs,
    async *work({ signal }) {
      while (true) {
        const began = performance.now();
        const count = await carryOn();
        if (count === undefined) return;
        yield count;
        await pause((performance.now() - began) * REST, signal);
      }
    },
  });
}

async function importBatch(
  tx: Tx,
  { clock, events, reference, procedures, sealer }: PlatformDeps,
  { agency_id: agencyId, ordered_by: officerId }: ImportRow,
  rows: readonly StagedRow[],
): Promise<void> {
  await Promise.all([reference.refresh(tx), procedures.refresh(tx)]);
  const { agencies, officers, calendars } = reference;
  const world = {
    ...{ agencies, officers, calendars, procedures, dossiers: new Map(), nextNumbers: new Map() },
    files: new Set<string>(),
  };
  const now = clock.now();
  const changes: DossierChange[] = [];
  const come: NewEvent[] = [];
  const followed: NewEvent[] = [];
  const turns = takeTurns();
  for (const row of rows) {
    await turns.next();
    const staged = decodeDossier(row.record);
    const at = now.getTime();
    const dossier = { ...staged, imported: staged.imported && { ...staged.imported, at, officerId } };
    const payload = { ...decodeEvent(TYPE, row.event), at: now };
    changes.push({
      dossier,
      tasks: row.tasks.map(decodeTask),
      applicant: Applicant.fromJSON(JSON.parse(sealer.open(row.sealed, stagedPlace(dossier.id)))),
      joined: dossier.participants,
      notes: JSON.parse(row.notes),
      files: { carried: row.files, left: [] },
    });
    come.push({
      ...{ type: TYPE, payload, aggregateId: dossier.id, version: 1 },
      ...{ agencyCode: row.agency_code, agencyId: dossier.holder.agencyId, dossierCode: dossier.code },
    });
    const { decision } = decideForPlatform(dossier, world, at, (draft) =>
      recomputeDeadlines(SINCE_CHECKED)(bringUpToDate(draft)),
    );
    if (decision === undefined) continue;
    changes.push(decision.change);
    followed.push(...decision.events);
  }
  writeChanges(tx, { procedures, sealer }, changes);
  events.append(tx, [...come, ...followed], { agencyId, officerId });
}

const SINCE_CHECKED = {
  cause: RecomputeCause.CALENDAR,
  reason: 'lịch làm việc thay đổi trong khi chuyển hồ sơ từ hệ thống khác',
};
