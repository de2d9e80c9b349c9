import { BusinessKind } from '@lienthong/contracts/routing';
import { ImmutableMap } from '@lienthong/eventlog';
import { lockFiles } from '@lienthong/file-store';
import type { Tx } from '@lienthong/kit';
import { type AgencyCache, standsForAll } from '@lienthong/reference-data';
import type { Command } from '../domain/command.ts';
import type { DeliveryRecord } from '../domain/delivery-record.ts';
import { yearOf } from '../domain/document.ts';
import type { IssueCommand } from '../domain/issue-command.ts';
import { numberKey, type Series, type SeriesRecord, seriesKey } from '../domain/numbering.ts';
import type { SetSeriesCommand } from '../domain/set-series.ts';
import { attachmentId, type DocumentFacts, numberId, type RoutingState } from '../domain/state.ts';
import { usableAttachments } from './attachments.ts';
import { findOrigins } from './origins.ts';
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  DOCUMENT_COLUMNS,
  type DocumentRow,
  toFacts,
  toRecord,
} from './rows.ts';

/**
 * Reads and locks what a batch of commands needs, in one flight. Locks are taken in one order by every batch:
 * number series by key, deliveries by id, files by digest. Documents never change and need none.
 */
export async function loadState(
  tx: Tx,
  cache: AgencyCache,
  commands: readonly Command[],
): Promise<RoutingState> {
  const issues = commands.filter((one) => one.kind === 'issue');
  const numbered = commands.filter((one) => one.kind === 'issue' || one.kind === 'set-series');
  while (true) {
    // The rows to read depend on which agencies stand for which: if the agencies have just changed, read again.
    const [changed, series, given, ahead, origins, { documents, deliveries }, attachments] =
      await Promise.all([
        cache.refresh(tx),
        lockSeries(tx, numbered),
        findGiven(tx, issues),
        findGivenAhead(tx, issues),
        findOrigins(tx, issues),
        loadDeliveries(tx, cache, commands),
        loadAttachments(tx, cache, issues),
      ]);
    if (changed) continue;
    return {
      agencies: cache,
      series: ImmutableMap.from(series),
      taken: ImmutableMap.from([...given, ...ahead]),
      documents,
      deliveries: ImmutableMap.from(deliveries.map((one) => [one.id, one])),
      byDocument: idsByDocument(deliveries),
      origins: ImmutableMap.from(origins),
      attachments,
    };
  }
}

const seriesOf = (command: IssueCommand | SetSeriesCommand): Series =>
  command.kind === 'set-series'
    ? { issuerId: command.callerId, year: command.year, notation: command.notation }
    : {
        issuerId: command.callerId,
        year: yearOf(command.draft),
        notation: command.draft.notation,
      };

type LockedSeries = [seriesKey: string, record: SeriesRecord];
type TakenNumber = [numberId: string, taken: true];

interface SeriesRow {
  issuer_id: string;
  year: number;
  notation: string;
}

const toSeries = ({ issuer_id: issuerId, year, notation }: SeriesRow): Series => ({
  issuerId,
  year,
  notation,
});

/** Parameters $1 to $3: issuers, years and notations. */
const seriesValues = (series: readonly Series[]) => [
  series.map((s) => s.issuerId),
  series.map((s) => s.year),
  series.map((s) => s.notation),
];

const distinctSeries = (commands: readonly (IssueCommand | SetSeriesCommand)[]): Series[] => {
  const byKey = new Map(commands.map((one) => [seriesKey(seriesOf(one)), seriesOf(one)]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Series);
};

async function lockSeries(
  tx: Tx,
  commands: readonly (IssueCommand | SetSeriesCommand)[],
): Promise<LockedSeries[]> {
  if (commands.length === 0) return [];
  const values = seriesValues(distinctSeries(commands));
  tx.send({
    name: 'ensure_series',
    text: `insert into number_series (issuer_id, year, notation)
           select * from unnest($1::uuid[], $2::int[], $3::text[]) on conflict do nothing`,
    values,
  });
  const rows = await tx.query<SeriesRow & { id: string; version: number; next: number; last_drawn: number }>({
    name: 'lock_series',
    text: `select issuer_id, year, notation, id, version, next, last_drawn from number_series
            where (issuer_id, year, notation) in (select * from unnest($1::uuid[], $2::int[], $3::text[]))
            order by issuer_id, year, notation collate "C" for update`,
    values,
  });
  return rows.map((row) => {
    const { id, version, next, last_drawn: lastDrawn } = row;
    return [seriesKey(toSeries(row)), { id, version, next, lastDrawn }];
  });
}

/** The numbers given by issuers of the batch that are in use. Read under the lock of their series. */
async function findGiven(tx: Tx, issues: readonly IssueCommand[]): Promise<TakenNumber[]> {
  const given = issues.filter((one) => one.draft.number !== '');
  if (given.length === 0) return [];
  const rows = await tx.query<SeriesRow & { number: string }>({
    name: 'find_given_numbers',
    text: `select doc.issuer_id, doc.year, doc.notation, doc.number
             from unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) as g (issuer_id, year, notation, number_key)
             join document doc using (issuer_id, year, notation, number_key)`,
    values: [...seriesValues(given.map(seriesOf)), given.map((one) => numberKey(one.draft.number))],
  });
  return rows.map((row) => [numberId(toSeries(row), row.number), true]);
}

/**
 * Numbers given by hand above the last one drawn: a draw of the batch skips them. Read under the lock of their
 * series. Index document_given_number.
 */
async function findGivenAhead(tx: Tx, issues: readonly IssueCommand[]): Promise<TakenNumber[]> {
  const drawing = issues.filter((one) => one.draft.number === '');
  if (drawing.length === 0) return [];
  const rows = await tx.query<SeriesRow & { given_number: number }>({
    name: 'find_given_ahead',
    text: `select issuer_id, year, notation, doc.given_number
             from unnest($1::uuid[], $2::int[], $3::text[]) as drawing (issuer_id, year, notation)
             join number_series s using (issuer_id, year, notation)
             join document doc using (issuer_id, year, notation)
            where doc.given_number > s.last_drawn`,
    values: seriesValues(distinctSeries(drawing)),
  });
  return rows.map((row) => [numberId(toSeries(row), String(row.given_number)), true]);
}

async function loadDeliveries(
  tx: Tx,
  cache: AgencyCache,
  commands: readonly Command[],
): Promise<{ documents: Map<string, DocumentFacts>; deliveries: DeliveryRecord[] }> {
  const single: string[] = [];
  const whole: string[] = [];
  const answered: { documentId: string; holderId: string }[] = [];
  for (const command of commands) {
    if (command.kind === 'report') single.push(command.deliveryId);
    else if (command.kind === 'recall') whole.push(command.documentId);
    else if (command.kind === 'issue') {
      const { businessKind, refersToId, respondsToId } = command.draft;
      if (refersToId !== '' && businessKind !== BusinessKind.NEW) whole.push(refersToId);
      if (respondsToId !== '')
        for (const holderId of standsForAll(cache, command.callerId, command.today))
          answered.push({ documentId: respondsToId, holderId });
    }
  }
  if (single.length + whole.length + answered.length === 0) return { documents: new Map(), deliveries: [] };
  const [documentRows, deliveryRows] = await Promise.all([
    tx.query<DocumentRow>({
      name: 'load_documents',
      text: `select ${DOCUMENT_COLUMNS} from document doc
              where doc.id = any($1::uuid[]) or doc.id in (select document_id from delivery where id = any($2::uuid[]))`,
      values: [[...whole, ...answered.map((one) => one.documentId)], single],
    }),
    tx.query<DeliveryRow>({
      name: 'lock_deliveries',
      // One statement for all, so that one sort orders all locks. Primary key and delivery_by_document.
      text: `with needed as (
               select id from delivery where id = any($1::uuid[])
               union
               select id from delivery where document_id = any($2::uuid[])
               union
               select d.id from unnest($3::uuid[], $4::uuid[]) as a (document_id, holder_id)
                 join delivery d using (document_id, holder_id))
             select ${DELIVERY_COLUMNS} from delivery d
              where d.id in (select id from needed) order by d.id for update`,
      values: [single, whole, answered.map((one) => one.documentId), answered.map((one) => one.holderId)],
    }),
  ]);
  const documents = new Map(documentRows.map((row) => [row.document_id, toFacts(row)]));
  const deliveries = deliveryRows.map((row) => {
    const sender = documents.get(row.document_id)?.issuer;
    if (sender === undefined) throw new Error(`delivery ${row.id} has no document`);
    return toRecord(row, sender);
  });
  return { documents, deliveries };
}

function idsByDocument(deliveries: readonly DeliveryRecord[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { id, documentId } of deliveries) {
    const ids = grouped.get(documentId);
    if (ids) ids.push(id);
    else grouped.set(documentId, [id]);
  }
  return grouped;
}

async function loadAttachments(
  tx: Tx,
  cache: AgencyCache,
  issues: readonly IssueCommand[],
): Promise<Map<string, number>> {
  const uses = issues.flatMap(({ callerId, today, draft }) =>
    draft.attachments.length === 0
      ? []
      : standsForAll(cache, callerId, today).flatMap((agencyId) =>
          draft.attachments.map(({ sha256 }) => ({ callerId, agencyId, sha256 })),
        ),
  );
  if (uses.length === 0) return new Map();
  // Files that the first statement has locked cannot disappear before the second one reads them.
  const [, usable] = await Promise.all([
    lockFiles(
      tx,
      uses.map(({ sha256 }) => sha256),
    ),
    usableAttachments(tx, uses),
  ]);
  return new Map(usable.map((one) => [attachmentId(one.caller_id, one.sha256), one.size_bytes]));
}
