import { BusinessKind } from '@lienthong/contracts/routing';
import type { Tx } from '@lienthong/kit';
import { type AgencyCache, standsForAll } from '@lienthong/reference-data';
import type { Command } from '../domain/command.ts';
import { yearOf } from '../domain/document.ts';
import type { IssueCommand } from '../domain/issue.ts';
import { numberKey, type Series, seriesKey } from '../domain/numbering.ts';
import { addDelivery, attachmentId, numberId, type RoutingState } from '../domain/state.ts';
import { usableAttachments } from './attachments.ts';
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
 * number series by key, then deliveries by id. Documents never change and need none.
 */
export async function loadState(
  tx: Tx,
  cache: AgencyCache,
  commands: readonly Command[],
): Promise<RoutingState> {
  const issues = commands.filter((one) => one.kind === 'issue');
  while (true) {
    const state: RoutingState = {
      agencies: cache,
      next: new Map(),
      taken: new Set(),
      documents: new Map(),
      deliveries: new Map(),
      byDocument: new Map(),
      attachments: new Map(),
    };
    // Who stands for whom decides what to read: when the agencies have just changed, read again.
    const [changed] = await Promise.all([
      cache.refresh(tx),
      lockSeries(tx, issues, state),
      findTaken(tx, issues, state),
      loadDeliveries(tx, cache, commands, state),
      loadAttachments(tx, cache, issues, state),
    ]);
    if (!changed) return state;
  }
}

const seriesOf = (command: IssueCommand): Series => ({
  issuerId: command.callerId,
  year: yearOf(command.draft),
  notation: command.draft.notation,
});

async function lockSeries(tx: Tx, issues: readonly IssueCommand[], state: RoutingState): Promise<void> {
  const byKey = new Map(issues.map((one) => [seriesKey(seriesOf(one)), seriesOf(one)]));
  if (byKey.size === 0) return;
  const series = [...byKey.keys()].sort().map((key) => byKey.get(key) as Series);
  const values = [series.map((s) => s.issuerId), series.map((s) => s.year), series.map((s) => s.notation)];
  // The row is only the lock here; what it says is written with the events.
  tx.send({
    name: 'ensure_series',
    text: `insert into number_series (issuer_id, year, notation)
           select * from unnest($1::uuid[], $2::int[], $3::text[]) on conflict do nothing`,
    values,
  });
  const rows = await tx.query<{ issuer_id: string; year: number; notation: string; next: number }>({
    name: 'lock_series',
    text: `select issuer_id, year, notation, next from number_series
            where (issuer_id, year, notation) in (select * from unnest($1::uuid[], $2::int[], $3::text[]))
            order by issuer_id, year, notation collate "C" for update`,
    values,
  });
  for (const row of rows)
    state.next.set(seriesKey({ issuerId: row.issuer_id, year: row.year, notation: row.notation }), row.next);
}

/** Which of the numbers given by issuers are used. Read under the lock of their series. */
async function findTaken(tx: Tx, issues: readonly IssueCommand[], state: RoutingState): Promise<void> {
  const given = issues.filter((one) => one.draft.number !== '');
  if (given.length === 0) return;
  const series = given.map(seriesOf);
  const rows = await tx.query<{ issuer_id: string; year: number; notation: string; number: string }>({
    name: 'find_taken_numbers',
    text: `select doc.issuer_id, doc.year, doc.notation, doc.number
             from unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) as g (issuer_id, year, notation, number_key)
             join document doc using (issuer_id, year, notation, number_key)`,
    values: [
      series.map((s) => s.issuerId),
      series.map((s) => s.year),
      series.map((s) => s.notation),
      given.map((one) => numberKey(one.draft.number)),
    ],
  });
  for (const { issuer_id: issuerId, year, notation, number } of rows)
    state.taken.add(numberId({ issuerId, year, notation }, number));
}

async function loadDeliveries(
  tx: Tx,
  cache: AgencyCache,
  commands: readonly Command[],
  state: RoutingState,
): Promise<void> {
  const single: string[] = [];
  const whole: string[] = [];
  const answered: { documentId: string; holderId: string }[] = [];
  for (const command of commands) {
    if (command.kind === 'report') single.push(command.deliveryId);
    else if (command.kind === 'recall') whole.push(command.documentId);
    else {
      const { businessKind, refersToId, respondsToId } = command.draft;
      if (refersToId !== '' && businessKind !== BusinessKind.NEW) whole.push(refersToId);
      if (respondsToId !== '')
        for (const holderId of standsForAll(cache, command.callerId, command.today))
          answered.push({ documentId: respondsToId, holderId });
    }
  }
  if (single.length + whole.length + answered.length === 0) return;
  const [documents, deliveries] = await Promise.all([
    tx.query<DocumentRow>({
      name: 'load_documents',
      text: `select ${DOCUMENT_COLUMNS} from document doc
              where doc.id = any($1::uuid[]) or doc.id in (select document_id from delivery where id = any($2::uuid[]))`,
      values: [[...whole, ...answered.map((one) => one.documentId)], single],
    }),
    tx.query<DeliveryRow>({
      name: 'lock_deliveries',
      // One statement for all, so that one sort orders all locks. Primary key and delivery_by_document.
      text: `with wanted as (
               select id from delivery where id = any($1::uuid[])
               union
               select id from delivery where document_id = any($2::uuid[])
               union
               select d.id from unnest($3::uuid[], $4::uuid[]) as a (document_id, holder_id)
                 join delivery d using (document_id, holder_id))
             select ${DELIVERY_COLUMNS} from delivery d
              where d.id in (select id from wanted) order by d.id for update`,
      values: [single, whole, answered.map((one) => one.documentId), answered.map((one) => one.holderId)],
    }),
  ]);
  for (const row of documents) state.documents.set(row.document_id, toFacts(row));
  for (const row of deliveries) {
    const sender = state.documents.get(row.document_id)?.issuer;
    if (sender === undefined) throw new Error(`delivery ${row.id} has no document`);
    addDelivery(state, toRecord(row, sender));
  }
}

async function loadAttachments(
  tx: Tx,
  cache: AgencyCache,
  issues: readonly IssueCommand[],
  state: RoutingState,
): Promise<void> {
  const wishes = issues.flatMap(({ callerId, today, draft }) =>
    draft.attachments.length === 0
      ? []
      : standsForAll(cache, callerId, today).flatMap((agencyId) =>
          draft.attachments.map(({ sha256 }) => ({ callerId, agencyId, sha256 })),
        ),
  );
  if (wishes.length === 0) return;
  for (const usable of await usableAttachments(tx, wishes))
    state.attachments.set(attachmentId(usable.caller_id, usable.sha256), usable.size_bytes);
}
