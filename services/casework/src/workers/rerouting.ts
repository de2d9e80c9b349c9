import { periodically, vietnamDate, type Worker } from '@lienthong/kit';
import { nameAt } from '@lienthong/reference-data';
import { endedAgencies, reroute } from '../domain/succession/reroute.ts';
import { FIRST_ID, lockOf, openWorkOf } from '../store/affected.ts';
import { type Batch, changeDossiers, type Parts, refusalLog } from './platform-batch.ts';

export interface ReroutingParts extends Parts {
  everyMs: number;
}

export interface Rerouting extends Worker {
  /** Moves the open work of every agency that has ended by now to its successors; resolves to how many dossiers moved. */
  rerouteDue(): Promise<number>;
}

/** Also without news of agencies: a command may have begun before an end was known and committed after. */
const ANYWAY_MS = 15_000;

/** Work under way finds the successor, when an end is announced and when an announced one comes. */
export function createRerouting({ everyMs, ...parts }: ReroutingParts): Rerouting {
  const { db, clock, log, events, reference } = parts;
  const { agencies } = reference;
  const tellRefused = refusalLog(log, 'moving a dossier to a successor');
  let running: Promise<unknown> = Promise.resolve();
  let checked = { today: '', revision: -1, at: 0 };
  let orphansToldOf = '';

  async function rerouteAll(): Promise<number> {
    await reference.refresh(db);
    const today = vietnamDate(clock.now());
    const { followed, without } = endedAgencies(agencies, today);
    let moved = 0;
    let after: string | undefined = followed.length === 0 ? undefined : FIRST_ID;
    while (after !== undefined) {
      const batch = await rerouteBatch(followed, after);
      tellRefused(batch);
      moved += batch.changed;
      after = batch.locked.at(-1);
    }
    if (moved > 0) log.info({ moved }, 'dossiers moved to successors');
    await tellOfOrphans(without, `${today} ${agencies.revision()}`);
    return moved;
  }

  async function rerouteBatch(ended: readonly string[], after: string): Promise<Batch> {
    const batch = await db.transaction((tx) => changeDossiers(parts, tx, lockOf(tx, ended, after), reroute));
    if (batch.changed > 0) events.appended();
    return batch;
  }

  /** One at a time: a second run waits, then finds what is left. */
  function rerouteDue(): Promise<number> {
    const run = running.then(rerouteAll, rerouteAll);
    running = run.catch(() => {});
    return run;
  }

  async function check(): Promise<void> {
    await reference.refresh(db);
    const seen = { today: vietnamDate(clock.now()), revision: agencies.revision() };
    const news = seen.today !== checked.today || seen.revision !== checked.revision;
    if (!news && Date.now() - checked.at < ANYWAY_MS) return;
    await rerouteDue();
    checked = { ...seen, at: Date.now() };
  }

  /**
   * Nobody follows an agency: a person has to say who does, in the directory. Until then its work stays. Told once for
   * each state of the directory, and again every day.
   */
  async function tellOfOrphans(without: readonly string[], state: string): Promise<void> {
    if (without.length === 0 || state === orphansToldOf) return;
    for (const { agency_id, tasks, dossiers } of await openWorkOf(db, without)) {
      const agency = agencies.get(agency_id);
      const name = agency && nameAt(agency, agency.endedOn);
      log.warn(
        { agency: agency_id, name, endedOn: agency?.endedOn, tasks, dossiers },
        'an agency has ended without a successor and has open work',
      );
    }
    orphansToldOf = state;
  }

  return { ...periodically('rerouting', everyMs, log, check), rerouteDue };
}
