import type { EventLog } from '@lienthong/eventlog';
import { type Clock, type Database, type DueWorker, type Logger, PLATFORM } from '@lienthong/kit';
import { type AgencyCache, endedAgencyWorker } from '@lienthong/reference-data';
import { deliveryChange } from '../domain/change.ts';
import { endedWithSuccessor, reroute } from '../domain/reroute.ts';
import { lockDueReroutes } from '../store/due-reroutes.ts';
import { project } from '../store/project.ts';
import { issuerOf, toRecord, toSummary } from '../store/rows.ts';

export interface ReroutingDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  events: EventLog;
  agencies: AgencyCache;
  everyMs: number;
}

const BATCH = 1000;

/** Reroutes every open delivery of an agency that has ended to its successor. */
export function createRerouting(deps: ReroutingDeps): DueWorker {
  const { db, clock, events, agencies } = deps;

  async function rerouteBatch(ended: readonly string[], today: string): Promise<number> {
    const rerouted = await db.transaction(async (tx) => {
      const rows = await lockDueReroutes(tx, ended, BATCH);
      const now = clock.now();
      const reroutes = rows.flatMap((row) => {
        const delivery = toRecord(row, issuerOf(row));
        return reroute(delivery, toSummary(row), agencies, today, now) ?? [];
      });
      if (reroutes.length > 0) {
        project(tx, [deliveryChange(reroutes, PLATFORM)]);
        events.append(tx, reroutes, PLATFORM);
      }
      return reroutes.length;
    });
    return rerouted;
  }

  return endedAgencyWorker({
    ...deps,
    reference: agencies,
    revision: agencies.revision,
    async *processEnded(today) {
      const ended = endedWithSuccessor(agencies, today);
      for (let rerouted = ended.length; rerouted > 0; ) {
        rerouted = await rerouteBatch(ended, today);
        yield rerouted;
      }
    },
  });
}
