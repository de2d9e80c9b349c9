import type { DueWorker, Tx } from '@lienthong/kit';
import { endedAgencyWorker, nameAt } from '@lienthong/reference-data';
import type { Dossier } from '../domain/dossier/state.ts';
import { leavings } from '../domain/succession/release.ts';
import { endedAgencies, reroute } from '../domain/succession/reroute.ts';
import { FIRST_ID, lockDossiersOf, lockLeft, openWorkOf } from '../store/affected.ts';
import { changeDossiers, createRefusalLog, type PlatformDeps } from './platform-batch.ts';

/** Reroutes the open work of every agency that has ended to its successors, and frees what officers left behind. */
export function createRerouting(deps: PlatformDeps & { everyMs: number }): DueWorker {
  const { db, log, reference } = deps;
  const { agencies, officers } = reference;
  const logRefused = createRefusalLog(log, 'moving a dossier to a successor');
  let orphansLoggedFor = '';

  /**
   * An agency without a successor keeps its work until the directory names one. Warns once for each state of the directory,
   * and again every day.
   */
  async function logOrphans(without: readonly string[], state: string): Promise<void> {
    if (without.length === 0 || state === orphansLoggedFor) return;
    for (const { agency_id, tasks, dossiers } of await openWorkOf(db, without)) {
      const agency = agencies.get(agency_id);
      const name = agency && nameAt(agency, agency.endedOn);
      log.warn(
        { agency: agency_id, name, endedOn: agency?.endedOn, tasks, dossiers },
        'an agency has ended without a successor and has open work',
      );
    }
    orphansLoggedFor = state;
  }

  /** Brings up to date what `lock` locks, batch after batch in the order of ids. */
  async function* catchUp(lock: (tx: Tx, after: string) => Promise<Map<string, Dossier>>) {
    let after: string | undefined = FIRST_ID;
    while (after !== undefined) {
      const from: string = after;
      const batch = await db.transaction((tx) => changeDossiers(deps, tx, lock(tx, from), reroute));
      logRefused(batch);
      yield batch.changed;
      after = batch.locked.at(-1);
    }
  }

  return endedAgencyWorker({
    ...deps,
    revision: () => agencies.revision() + officers.revision(),
    async *processEnded(today) {
      const { followed, without } = endedAgencies(agencies, today);
      if (followed.length > 0) yield* catchUp((tx, after) => lockDossiersOf(tx, followed, after));
      const left = leavings({ agencies }, officers.all(), today);
      if (left.length > 0) yield* catchUp((tx, after) => lockLeft(tx, left, after));
      await logOrphans(without, `${today} ${agencies.revision()}`);
    },
  });
}
