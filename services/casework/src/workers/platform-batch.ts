import { setImmediate as yieldToCalls } from 'node:timers/promises';
import type { EventLog } from '@lienthong/eventlog';
import {
  type Clock,
  type Database,
  type Logger,
  PLATFORM,
  type Refusal,
  type Sealer,
  type Tx,
} from '@lienthong/kit';
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
  sealer: Sealer;
}

export interface Batch {
  /** The ids of all dossiers of the batch, in the order of their locks. */
  locked: string[];
  /** The number of dossiers that changed. */
  changed: number;
  /** The refusals, by dossier. */
  refused: Map<string, Refusal>;
}

/** The event loop gets a turn after so many decisions, so that calls do not wait for a whole batch. */
const DECISIONS_PER_TURN = 50;

/**
 * Makes one decision on each dossier that `lock` locks, and writes the changes and events in a few statements of the
 * caller's transaction. The copies in memory are refreshed after the rows are locked. A refused dossier stays as it is,
 * and the batch continues.
 */
export async function changeDossiers(
  { clock, events, reference, procedures, sealer }: PlatformDeps,
  tx: Tx,
  lock: Promise<Map<string, Dossier>>,
  decide: (dossier: Dossier, world: World, now: number) => PlatformDecision,
): Promise<Batch> {
  const [dossiers] = await Promise.all([lock, reference.refresh(tx), procedures.refresh(tx)]);
  const { agencies, officers, calendars } = reference;
  const world = {
    dossiers,
    agencies,
    officers,
    calendars,
    procedures,
    nextNumbers: new Map(),
    files: new Set<string>(),
  };
  const now = clock.now().getTime();
  const refused = new Map<string, Refusal>();
  const decisions = [];
  let count = 0;
  for (const dossier of dossiers.values()) {
    const { decision, refusal } = decide(dossier, world, now);
    if (decision) decisions.push(decision);
    if (refusal) refused.set(dossier.id, refusal);
    count += 1;
    if (count % DECISIONS_PER_TURN === 0) await yieldToCalls();
  }
  if (decisions.length > 0) {
    writeChanges(
      tx,
      { procedures, sealer },
      decisions.map(({ change }) => change),
    );
    events.append(
      tx,
      decisions.flatMap((one) => one.events),
      PLATFORM,
    );
  }
  return { locked: [...dossiers.keys()], changed: decisions.length, refused };
}

/** Refusals that end by themselves within moments; they are not logged. */
const TRANSIENT: ReadonlySet<string> = new Set(['DEADLINE_MOVES', 'PROCEDURE_NOT_KNOWN_YET']);
const MAX_LOGGED = 10_000;

/** Creates a function that logs the refusals of a batch, once for each dossier and reason, though they are retried. */
export function createRefusalLog(log: Logger, what: string): (batch: Batch) => void {
  const logged = new Map<string, string>();
  return ({ locked, refused }) => {
    for (const id of locked) if (!refused.has(id)) logged.delete(id);
    for (const [dossier, { reason, message }] of refused) {
      if (TRANSIENT.has(reason) || logged.get(dossier) === reason) continue;
      if (logged.size >= MAX_LOGGED) logged.clear();
      logged.set(dossier, reason);
      log.warn({ dossier, reason, message }, `${what} not possible; will be retried`);
    }
  };
}
