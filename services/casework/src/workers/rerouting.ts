import type { DueWorker } from '@lienthong/kit';
import { nameAt, rerouteWorker } from '@lienthong/reference-data';
import { endedAgencies, reroute } from '../domain/succession/reroute.ts';
import { FIRST_ID, lockDossiersOf, openWorkOf } from '../store/affected.ts';
import { changeDossiers, createRefusalLog, type PlatformDeps } from './platform-batch.ts';

/** Reroutes the open work of every agency that has ended to its successors. */
export function createRerouting(deps: PlatformDeps & { everyMs: number }): DueWorker {
  const { db, log, events, reference } = deps;
  const { agencies } = reference;
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

  return rerouteWorker({
    ...deps,
    agencies,
    async *reroute(today) {
      const { followed, without } = endedAgencies(agencies, today);
      let after: string | undefined = followed.length === 0 ? undefined : FIRST_ID;
      while (after !== undefined) {
        const from: string = after;
        const batch = await db.transaction((tx) =>
          changeDossiers(deps, tx, lockDossiersOf(tx, followed, from), reroute),
        );
        if (batch.changed > 0) events.wakeRelay();
        logRefused(batch);
        yield batch.changed;
        after = batch.locked.at(-1);
      }
      await logOrphans(without, `${today} ${agencies.revision()}`);
    },
  });
}
