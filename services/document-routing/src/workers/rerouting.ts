import type { EventLog } from '@lienthong/eventlog';
import {
  type Clock,
  type Database,
  type Logger,
  periodically,
  vietnamDate,
  type Worker,
} from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import { endedWithSuccessor, reroute } from '../domain/reroute.ts';
import { lockDueReroutes } from '../store/due-reroutes.ts';
import { project } from '../store/project.ts';
import { issuerOf, toRecord, toSummary } from '../store/rows.ts';

export interface ReroutingParts {
  db: Database;
  clock: Clock;
  log: Logger;
  events: EventLog;
  agencies: AgencyCache;
  everyMs: number;
}

export interface Rerouting extends Worker {
  /** Moves every open delivery of an agency that has ended by now to its successor; resolves to how many moved. */
  rerouteDue(): Promise<number>;
}

const BATCH = 1000;
/** Also without news of agencies: a command may have begun before an end was known and committed after. */
const ANYWAY_MS = 15_000;
const PLATFORM = { agencyId: '', officerId: '' };

/** Work in flight finds the successor, when an end is announced and when an announced one comes. */
export function createRerouting({ db, clock, log, events, agencies, everyMs }: ReroutingParts): Rerouting {
  let running: Promise<unknown> = Promise.resolve();
  let checked = { today: '', revision: -1, at: 0 };

  async function rerouteAll(): Promise<number> {
    await agencies.refresh(db);
    let moved = 0;
    while (true) {
      const now = clock.now();
      const ended = endedWithSuccessor(agencies, vietnamDate(now));
      const n = ended.length === 0 ? 0 : await rerouteBatch(ended, now);
      moved += n;
      if (n === 0) return moved;
    }
  }

  async function rerouteBatch(ended: readonly string[], now: Date): Promise<number> {
    const today = vietnamDate(now);
    const moved = await db.transaction(async (tx) => {
      const rows = await lockDueReroutes(tx, ended, BATCH);
      const moves = rows.flatMap((row) => {
        const delivery = toRecord(row, issuerOf(row));
        return reroute(delivery, toSummary(row), agencies, today, now) ?? [];
      });
      if (moves.length > 0) project(tx, events.append(tx, moves, PLATFORM));
      return moves.length;
    });
    if (moved > 0) {
      events.appended();
      log.info({ moved }, 'deliveries moved to successors');
    }
    return moved;
  }

  /** One at a time: a second run waits, then finds what is left. */
  function rerouteDue(): Promise<number> {
    const run = running.then(rerouteAll, rerouteAll);
    running = run.catch(() => {});
    return run;
  }

  async function check(): Promise<void> {
    await agencies.refresh(db);
    const seen = { today: vietnamDate(clock.now()), revision: agencies.revision() };
    const news = seen.today !== checked.today || seen.revision !== checked.revision;
    if (!news && Date.now() - checked.at < ANYWAY_MS) return;
    await rerouteDue();
    checked = { ...seen, at: Date.now() };
  }

  return { ...periodically('rerouting', everyMs, log, check), rerouteDue };
}
