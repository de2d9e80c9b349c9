import type { Agency } from '@lienthong/contracts/directory';
import { WebhookState } from '@lienthong/contracts/feed';
import type { EventLog } from '@lienthong/eventlog';
import { type Clock, type Database, type DueWorker, type Logger, PLATFORM, type Tx } from '@lienthong/kit';
import {
  type AgencyCache,
  currentHolder,
  endedAgencyWorker,
  hasEnded,
  nameAt,
} from '@lienthong/reference-data';
import { dateInFigures } from '@lienthong/working-time';
import { toWebhookSuspended } from './domain/events.ts';
import { lockWebhooks, updateWebhooks } from './store/webhooks.ts';

export interface SuspendEndedDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  events: EventLog;
  agencies: AgencyCache;
  everyMs: number;
}

/**
 * Suspends the webhooks of an agency on the day it ends. They do not pass to the successor: the receiver is a system of
 * the agency that ended, and would get the successor's events. The event notifies the successor.
 */
export function suspendEnded(deps: SuspendEndedDeps): DueWorker {
  const { db, agencies } = deps;
  return endedAgencyWorker({
    ...deps,
    name: 'webhooks of ended agencies',
    reference: agencies,
    revision: agencies.revision,
    async *processEnded(today) {
      const ended = [...agencies.all()].filter((agency) => hasEnded(agency, today)).map(({ id }) => id);
      if (ended.length === 0) return;
      const active = await db.query<{ id: string }>({
        name: 'webhooks_of_ended',
        text: 'select id from webhook where state = $1 and agency_id = any($2::uuid[]) order by id',
        values: [WebhookState.ACTIVE, ended],
      });
      for (const { id } of active) yield await db.transaction((tx) => suspend(tx, deps, id, today));
    },
  });
}

/** Resolves to 0 when another process has suspended the webhook meanwhile. */
async function suspend(tx: Tx, { events, agencies }: SuspendEndedDeps, id: string, today: string) {
  const [webhook] = await lockWebhooks(tx, [id]);
  const agency = webhook && agencies.get(webhook.agency_id);
  if (!webhook || !agency || webhook.state !== WebhookState.ACTIVE) return 0;
  const row = {
    ...webhook,
    state: WebhookState.SUSPENDED,
    last_error: reasonOf(agencies, agency, today),
    version: webhook.version + 1,
  };
  updateWebhooks(tx, [row]);
  events.append(tx, [toWebhookSuspended(row)], PLATFORM);
  return 1;
}

function reasonOf(agencies: AgencyCache, agency: Agency, today: string): string {
  const successor = currentHolder(agencies, agency.id, today);
  const ended = `${nameAt(agency, agency.endedOn)} kết thúc hoạt động từ ngày ${dateInFigures(agency.endedOn)}`;
  return successor ? `${ended}; ${nameAt(successor, today)} kế thừa và đăng ký webhook của mình` : ended;
}
