import type { AgencyClient } from '@lienthong/client';
import { compareAll, compareDeliveries, compareStream, type Told } from './compare.ts';
import { CASEWORK, concerning, type Recorded } from './concerned.ts';

export const ROUTING = 'lienthong.routing.v1.';

/** What an agency must be told of, by what its and others' people did and not by what the feed says. */
export interface Facts {
  agencyId: string;
  /** How many events of each document and delivery concern it: "delivery/<id>". */
  documents: ReadonlyMap<string, number>;
  /** Of each dossier the audit's entries. */
  records: ReadonlyMap<string, readonly Recorded[]>;
  /** Public events by type; types that are not here are compared with the feed's pages alone. */
  everybody: ReadonlyMap<string, number>;
}

/** The feed page by page from a cursor, as it stands now. */
export async function listAll(client: AgencyClient, from: string, types: string[] = []): Promise<Told[]> {
  const all: Told[] = [];
  for (let cursor = from, more = true; more; ) {
    const page = await client.feed.listEvents({ cursor, types, pageSize: 500 });
    for (const { id, type, subject, sequence } of page.events)
      all.push({ id, type, subject, sequence: Number(sequence) });
    ({ cursor, more } = page);
  }
  return all;
}

/** What was told against what happened: nothing is missing, and nothing concerns others only. */
export function factDifferences(what: string, told: readonly Told[], facts: Facts): string[] {
  const { agencyId, documents, records, everybody } = facts;
  const of = (source: string) => told.filter(({ type }) => type.startsWith(source));
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

export const streamDifferences = (told: readonly Told[], listed: readonly Told[], facts: Facts): string[] => [
  ...compareStream('followed', told, listed),
  ...factDifferences('followed', told, facts),
];

export const webhookDifferences = (
  told: readonly Told[],
  listed: readonly Told[],
  facts: Facts,
): string[] => [...compareDeliveries('webhook', told, listed), ...factDifferences('webhook', told, facts)];
