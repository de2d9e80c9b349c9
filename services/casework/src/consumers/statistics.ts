import type { ConsumerOptions, ReceivedEvent } from '@lienthong/eventlog';
import type { ReferenceCache } from '@lienthong/reference-data';
import { pastEvent } from '../domain/history/past.ts';
import { count } from '../domain/statistics/count.ts';
import { COUNTED, type CountedEvent } from '../domain/statistics/tally.ts';
import { readTallies, writeFacts, writeTallies } from '../store/statistics/count-events.ts';

type Counted = (typeof COUNTED)[number];

/** Counts events of dossiers into the statistics, beside the commands. Minutes follow this service's current calendars. */
export const statisticsConsumer = (reference: ReferenceCache): ConsumerOptions<Counted> => ({
  name: 'statistics',
  source: 'casework',
  types: COUNTED,
  maxBatch: 1_024,
  lingerMs: 100,
  async handle(tx, received) {
    const events = received.map(toEvent);
    const ids = new Set(received.map(({ envelope }) => envelope.aggregateId));
    const [before] = await Promise.all([readTallies(tx, [...ids]), reference.refresh(tx)]);
    const { facts, tallies } = count(before, events, reference.calendars.of);
    writeFacts(tx, facts);
    writeTallies(tx, tallies);
  },
});

const toEvent = ({ type, payload, envelope }: ReceivedEvent & { type: Counted }): CountedEvent =>
  pastEvent(type, payload, envelope.version, envelope.occurredAt) as CountedEvent;
