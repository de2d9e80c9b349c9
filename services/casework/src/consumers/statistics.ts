import type { ConsumerOptions, ReceivedEvent } from '@lienthong/eventlog';
import type { ReferenceCache } from '@lienthong/reference-data';
import { pastEvent } from '../domain/history/past.ts';
import { unpack } from '../domain/imports/history.ts';
import { count } from '../domain/statistics/count.ts';
import { COUNTED, type CountedEvent } from '../domain/statistics/tally.ts';
import { readTallies, writeFacts, writeTallies } from '../store/statistics/count-events.ts';

const IMPORTED = 'lienthong.casework.v1.DossierImported';
type Counted = (typeof COUNTED)[number];

/** Counts events of dossiers into the statistics, beside the commands. Minutes follow this service's current calendars. */
export const statisticsConsumer = (
  reference: ReferenceCache,
): ConsumerOptions<Counted | typeof IMPORTED> => ({
  name: 'statistics',
  source: 'casework',
  types: [...COUNTED, IMPORTED],
  maxBatch: 1_024,
  lingerMs: 100,
  async handle(tx, received) {
    const events = received.flatMap(toEvents);
    const ids = new Set(received.map(({ envelope }) => envelope.aggregateId));
    const [before] = await Promise.all([readTallies(tx, [...ids]), reference.refresh(tx)]);
    const { facts, tallies } = count(before, events, reference.calendars.of);
    writeFacts(tx, facts);
    writeTallies(tx, tallies);
  },
});

const isCounted = ({ type }: { type: string }): boolean => (COUNTED as readonly string[]).includes(type);

/** What happened in another system goes into the tally; the facts of its time are that system's. */
function toEvents(event: ReceivedEvent & { type: Counted | typeof IMPORTED }): CountedEvent[] {
  const { type, payload, envelope } = event;
  if (type === IMPORTED)
    return unpack(payload, envelope.version)
      .map((one) => ({ ...one.event, isPast: true }) as CountedEvent)
      .filter(isCounted);
  return [pastEvent(type, payload, envelope.version, envelope.occurredAt) as CountedEvent];
}
