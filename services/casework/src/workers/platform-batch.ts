import { setImmediate as breath } from 'node:timers/promises';
import type { EventLog } from '@lienthong/eventlog';
import { type Clock, type Database, type Logger, PLATFORM, type Refusal, type Tx } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { PlatformDecision } from '../domain/decision/platform.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import type { World } from '../domain/dossier/world.ts';
import type { ProcedureCache } from '../store/procedures.ts';
import { writeChanges } from '../store/project.ts';

/** What the platform's own changes of dossiers depend on. */
export interface PlatformDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  events: EventLog;
  reference: ReferenceCache;
  procedures: ProcedureCache;
}

export interface Batch {
  /** Dossiers that were looked at. */
  locked: string[];
  /** How many of them changed. */
  changed: number;
  /** The refusals, by dossier. */
  refused: Map<string, Refusal>;
}

/** Decisions made before the event loop gets a turn, so that calls do not wait for a whole batch. */
const IN_A_ROW = 50;

/**
 * One decision on each of the dossiers that `lock` locks, written in a few statements with their events; in the
 * caller's transaction; the caller calls `events.appended()` after its commit. The copies in memory are refreshed after
 * the rows are locked. A refused dossier stays as it is.
 */
export async function changeDossiers(
  { clock, events, reference, procedures }: PlatformDeps,
  tx: Tx,
  lock: Promise<Map<string, Dossier>>,
  decide: (dossier: Dossier, world: World, now: number) => PlatformDecision,
): Promise<Batch> {
  const [dossiers] = await Promise.all([lock, reference.refresh(tx), procedures.refresh(tx)]);
  const { agencies, officers, calendars } = reference;
  const world = { dossiers, agencies, officers, calendars, procedures, nextNumbers: new Map() };
  const now = clock.now().getTime();
  const refused = new Map<string, Refusal>();
  const made = [];
  let inARow = 0;
  for (const dossier of dossiers.values()) {
    const { decision, refusal } = decide(dossier, world, now);
    if (decision) made.push(decision);
    if (refusal) refused.set(dossier.id, refusal);
    inARow += 1;
    if (inARow % IN_A_ROW === 0) await breath();
  }
  if (made.length > 0) {
    writeChanges(
      tx,
      procedures,
      made.map(({ change }) => change),
    );
    events.append(
      tx,
      made.flatMap((one) => one.events),
      PLATFORM,
    );
  }
  return { locked: [...dossiers.keys()], changed: made.length, refused };
}

/** Refusals that pass by themselves within moments. */
const PASSING: ReadonlySet<string> = new Set(['DEADLINE_MOVES', 'PROCEDURE_NOT_KNOWN_YET']);
const REMEMBERED = 10_000;

/** Warns of what cannot be done, once for each dossier and reason, though it is retried. */
export function refusalLog(log: Logger, what: string): (batch: Batch) => void {
  const logged = new Map<string, string>();
  return ({ locked, refused }) => {
    for (const id of locked) if (!refused.has(id)) logged.delete(id);
    for (const [dossier, { reason, message }] of refused) {
      if (PASSING.has(reason) || logged.get(dossier) === reason) continue;
      if (logged.size >= REMEMBERED) logged.clear();
      logged.set(dossier, reason);
      log.warn({ dossier, reason, message }, `${what} not possible; will be retried`);
    }
  };
}
