import type { EventLog, EventSource, RawEvent, ReceivedEvent } from '@lienthong/eventlog';
import { ReceivedEventOf } from '@lienthong/eventlog';
import type { Clock, Tx } from '@lienthong/kit';
import { agenciesConsumer } from '@lienthong/reference-data';
import { concernedBy, isForFeeds } from '../domain/concerns.ts';
import { type OpenTasks, taskChanges } from '../domain/open-tasks.ts';
import { type DossierTaskChange, readOpenTasks, writeOpenTasks } from '../store/open-tasks.ts';
import { type FeedEntry, recordEvents } from '../store/record.ts';
import type { TailRow } from '../store/rows.ts';

const SOURCES: readonly EventSource[] = ['directory', 'registry', 'routing', 'casework', 'feed'];
const NO_TASKS: OpenTasks = new Map();

/**
 * Records every event that concerns agencies. Skips types that this version does not know or that are for the audit
 * alone.
 * @param onRecorded called after each commit, with the rows that it added
 */
export function consumeAllEvents(
  events: EventLog,
  clock: Clock,
  onRecorded: (rows: readonly TailRow[]) => void,
): void {
  for (const source of SOURCES) {
    events.consumer({
      name: 'feed',
      source,
      // Each batch is a commit that waits for the disk.
      lingerMs: 20,
      async handle(tx, incoming) {
        const known = incoming.filter(isKnown);
        // In the same transaction: a reader of an agency's end also knows its successor.
        if (source === 'directory') await agenciesConsumer.handle(tx, known.filter(isOfAgency));
        const entries =
          source === 'casework'
            ? await entriesOfDossiers(tx, known)
            : known.map((event) => ({ event, audience: concernedBy(event, NO_TASKS) }));
        const concerning = entries.filter(({ audience }) => audience.length > 0);
        recordEvents(tx, source, concerning, clock.now(), onRecorded);
      },
    });
  }
}

const isKnown = (event: RawEvent): event is ReceivedEvent =>
  event instanceof ReceivedEventOf && isForFeeds(event.type);

type AgencyEvent = Parameters<typeof agenciesConsumer.handle>[1][number];
const isOfAgency = (event: ReceivedEvent): event is ReceivedEvent & AgencyEvent =>
  (agenciesConsumer.types as readonly string[]).includes(event.type);

/** The aggregate of every casework event is its dossier. */
async function entriesOfDossiers(tx: Tx, events: readonly ReceivedEvent[]): Promise<FeedEntry[]> {
  const tasks = await readOpenTasks(tx, [...new Set(events.map(({ envelope }) => envelope.aggregateId))]);
  const changes: DossierTaskChange[] = [];
  const entries = events.map((event) => {
    const dossierId = event.envelope.aggregateId;
    const open = tasks.get(dossierId) ?? new Map<number, string>();
    tasks.set(dossierId, open);
    const audience = concernedBy(event, open);
    for (const { number, agencyId } of taskChanges(event)) {
      if (agencyId === undefined) open.delete(number);
      else open.set(number, agencyId);
      changes.push({ dossierId, number, agencyId });
    }
    return { event, audience };
  });
  writeOpenTasks(tx, changes);
  return entries;
}
