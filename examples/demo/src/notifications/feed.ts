import type { AgencyClient } from '@lienthong/client';
import { compareAll, compareDeliveries, compareStream, type ReceivedEvent } from './compare.ts';
import { CASEWORK, concerning, type Recorded } from './concerned.ts';

export const ROUTING = 'lienthong.routing.v1.';

/** The events that an agency must receive: from the acts of the story, not from the feed. */
export interface Facts {
  agencyId: string;
  /** How many events of each document and delivery concern it: "delivery/<id>". */
  documents: ReadonlyMap<string, number>;
  /** The audit entries of each dossier. */
  records: ReadonlyMap<string, readonly Recorded[]>;
  /** Public events by type; types that are not here are compared with the feed's pages alone. */
  everybody: ReadonlyMap<string, number>;
}

/** Reads the feed page by page from a cursor, up to now. */
export async function listAll(
  client: AgencyClient,
  from: string,
  types: string[] = [],
): Promise<ReceivedEvent[]> {
  const all: ReceivedEvent[] = [];
  for (let cursor = from, more = true; more; ) {
    const page = await client.feed.listEvents({ cursor, types, pageSize: 500 });
    for (const { id, type, subject, sequence } of page.events)
      all.push({ id, type, subject, sequence: Number(sequence) });
    ({ cursor, more } = page);
  }
  return all;
}

/** Compares received events with the facts: no event is missing, and each concerns the agency. */
export function factDifferences(what: string, received: readonly ReceivedEvent[], facts: Facts): string[] {
  const { agencyId, documents, records, everybody } = facts;
  const of = (source: string) => received.filter(({ type }) => type.startsWith(source));
  const ids = [...records.values()].flatMap((record) => concerning(agencyId, record).map(({ id }) => id));
  return [
    ...compareAll(
      `${what}: documents`,
      of(ROUTING).map(({ subject }) => subject),
      [...documents].flatMap(([subject, count]) => Array.from({ length: count }, () => subject)),
    ),
    ...compareAll(
      `${what}: dossiers`,
      of(CASEWORK).map(({ id }) => id),
      ids,
    ),
    ...[...everybody].flatMap(([type, count]) => {
      const is = of(type).length;
      return is === count ? [] : [`${what}: ${is} events ${type}, should be ${count}`];
    }),
  ];
}

export const streamDifferences = (
  received: readonly ReceivedEvent[],
  listed: readonly ReceivedEvent[],
  facts: Facts,
): string[] => [
  ...compareStream('followed', received, listed),
  ...factDifferences('followed', received, facts),
];

export const webhookDifferences = (
  received: readonly ReceivedEvent[],
  listed: readonly ReceivedEvent[],
  facts: Facts,
): string[] => [
  ...compareDeliveries('webhook', received, listed),
  ...factDifferences('webhook', received, facts),
];
