import type { EventLog, EventSource, Incoming, ReceivedEvent } from '@lienthong/eventlog';
import { Received } from '@lienthong/eventlog';
import type { Clock, Tx } from '@lienthong/kit';
import { agenciesConsumer } from '@lienthong/reference-data';
import { concernedBy } from '../domain/concerns.ts';
import { type OpenTasks, taskChanges } from '../domain/open-tasks.ts';
import { type DossierTaskChange, readOpenTasks, writeOpenTasks } from '../store/open-tasks.ts';
import { type Concerning, recordEvents } from '../store/record.ts';

const SOURCES: readonly EventSource[] = ['directory', 'registry', 'routing', 'casework', 'feed'];
const NONE: OpenTasks = new Map();

/** Takes in every event of every source. Those of types this version does not know concern nobody it could name. */
export function consumeEverything(events: EventLog, clock: Clock): void {
  for (const source of SOURCES) {
    events.consumer({
      name: 'feed',
      source,
      // Each batch is a commit that waits for the disk.
      lingerMs: 20,
      async handle(tx, incoming) {
        const known = incoming.filter(isKnown);
        // In the same transaction: who reads of an agency's end also knows its successor.
        if (source === 'directory') await agenciesConsumer.handle(tx, known.filter(isOfAgency));
        const concerning =
          source === 'casework'
            ? await concerningDossiers(tx, known)
            : known.map((event) => ({ event, audience: concernedBy(event, NONE) }));
        recordEvents(tx, source, concerning, clock.now());
      },
    });
  }
}

const isKnown = (event: Incoming): event is ReceivedEvent => event instanceof Received;

type AgencyEvent = Parameters<typeof agenciesConsumer.handle>[1][number];
const isOfAgency = (event: ReceivedEvent): event is ReceivedEvent & AgencyEvent =>
  (agenciesConsumer.types as readonly string[]).includes(event.type);

/** The aggregate of every casework event is its dossier. */
async function concerningDossiers(tx: Tx, events: readonly ReceivedEvent[]): Promise<Concerning[]> {
  const tasks = await readOpenTasks(tx, [...new Set(events.map(({ envelope }) => envelope.aggregateId))]);
  const changes: DossierTaskChange[] = [];
  const concerning = events.map((event) => {
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
  return concerning;
}
