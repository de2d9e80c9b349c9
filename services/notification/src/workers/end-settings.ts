import { type EventLog, toAct } from '@lienthong/eventlog';
import { type Clock, type Database, type DueWorker, type Logger, PLATFORM } from '@lienthong/kit';
import { endedAgencyWorker, hasEnded, type ReferenceCache } from '@lienthong/reference-data';
import { toSettingsEndedIntent } from '../domain/rules/directory.ts';
import type { Planner } from '../plan-messages.ts';
import { endSettings } from '../store/agency-settings.ts';

export interface EndSettingsDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  events: EventLog;
  reference: ReferenceCache;
  planner: Planner;
  everyMs: number;
}

const BATCH = 100;

/**
 * Ends the receiver and the preferences of an agency on the day it ends, and notifies its successor. They do not pass
 * on: the receiver is a system of the agency that ended, and the successor has settings of its own.
 */
export function createEndSettingsWorker({ planner, events, ...deps }: EndSettingsDeps): DueWorker {
  const { db, reference } = deps;
  const { agencies } = reference;
  return endedAgencyWorker({
    ...deps,
    name: 'settings of ended agencies',
    revision: agencies.revision,
    async *processEnded(today) {
      const ended = [...agencies.all()].filter((agency) => hasEnded(agency, today));
      const ids = ended.map(({ id }) => id);
      if (ids.length === 0) return;
      for (let count = BATCH; count === BATCH; yield count)
        count = await db.transaction(async (tx) => {
          const settings = await endSettings(tx, ids, BATCH);
          const origins = new Map(settings.map(({ agencyId, origin }) => [agencyId, origin]));
          const world = planner.world();
          const intents = ended.flatMap((agency) => {
            const origin = origins.get(agency.id);
            return origin === undefined ? [] : toSettingsEndedIntent(agency, origin, world);
          });
          await planner.plan(tx, intents);
          const acts = settings.map(({ agencyId }) =>
            toAct('lienthong.notification.v1.AgencySettingsEnded', { agencyId }, { agencyId }),
          );
          events.append(tx, acts, PLATFORM);
          return settings.length;
        });
    },
  });
}
