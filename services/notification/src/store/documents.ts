import type { Document } from '@lienthong/contracts/routing';
import { plainArray, type Reader, type Tx } from '@lienthong/kit';
import type { DocumentLabel } from '../domain/intent.ts';
import { datesOf, labelOf, type Reminder } from '../domain/rules/routing.ts';

/** The labels of documents for messages, and the dates by which directives must be answered. */
export function insertDocuments(tx: Tx, issued: readonly Document[]): void {
  if (issued.length === 0) return;
  const labels = issued.map(labelOf);
  tx.send({
    name: 'insert_documents',
    text: `insert into document (id, number, subject, issuer_name)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
           on conflict (id) do nothing`,
    values: [
      issued.map(({ id }) => id),
      labels.map(({ number }) => number),
      labels.map(({ subject }) => subject),
      labels.map(({ issuerName }) => issuerName),
    ],
  });
  const dates = issued.flatMap((one) => datesOf(one).map((date) => ({ id: one.id, ...date })));
  if (dates.length === 0) return;
  tx.send({
    name: 'insert_directive_dates',
    text: `insert into directive_date (document_id, due_on, task)
           select * from unnest($1::uuid[], $2::date[], $3::text[])
           on conflict do nothing`,
    values: [dates.map(({ id }) => id), dates.map(({ dueOn }) => dueOn), dates.map(({ task }) => task)],
  });
}

export async function readLabels(
  reader: Reader,
  ids: readonly string[],
): Promise<Map<string, DocumentLabel>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.query<{ id: string; number: string; subject: string; issuer_name: string }>({
    name: 'read_labels',
    text: 'select id, number, subject, issuer_name from document where id = any($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map(({ issuer_name: issuerName, ...row }) => [row.id, { ...row, issuerName }]));
}

/** Adds a reminder of every date of a directive for the agency of each delivery. */
export function insertReminders(
  tx: Tx,
  sent: readonly { deliveryId: string; documentId: string; agencyId: string }[],
): void {
  if (sent.length === 0) return;
  tx.send({
    name: 'insert_reminders',
    text: `insert into reminder (delivery_id, document_id, agency_id, due_on, task)
           select s.delivery_id, d.document_id, s.agency_id, d.due_on, d.task
             from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as s (delivery_id, document_id, agency_id)
             join directive_date d on d.document_id = s.document_id
           on conflict do nothing`,
    values: [
      sent.map((one) => one.deliveryId),
      sent.map((one) => one.documentId),
      sent.map((one) => one.agencyId),
    ],
  });
}

/** @param moved the agency that holds a delivery now, by delivery */
export function moveReminders(tx: Tx, moved: ReadonlyMap<string, string>): void {
  if (moved.size === 0) return;
  tx.send({
    name: 'move_reminders',
    text: `update reminder r set agency_id = m.agency_id
             from unnest($1::uuid[], $2::uuid[]) as m (delivery_id, agency_id)
            where r.delivery_id = m.delivery_id`,
    values: [plainArray([...moved.keys()]), plainArray([...moved.values()])],
  });
}

export function deleteReminders(tx: Tx, deliveryIds: readonly string[]): void {
  if (deliveryIds.length === 0) return;
  tx.send({
    name: 'delete_reminders',
    text: 'delete from reminder where delivery_id = any($1::uuid[])',
    values: [deliveryIds],
  });
}

/**
 * Locks up to `limit` reminders of dates until `to`, by date, after a row. When a reminder is due depends on the agency's
 * calendar today, so it is not computed when the document arrives.
 */
export async function lockReminders(
  tx: Tx,
  to: string,
  after: Reminder | undefined,
  limit: number,
): Promise<Reminder[]> {
  const rows = await tx.query<{
    delivery_id: string;
    document_id: string;
    agency_id: string;
    due_on: string;
    task: string;
  }>({
    name: 'lock_reminders',
    text: `select delivery_id, document_id, agency_id, due_on, task from reminder
            where due_on <= $1 and (due_on, delivery_id, task) > ($2::date, $3::uuid, $4::text)
            order by due_on, delivery_id, task limit $5
              for update skip locked`,
    values: [
      to,
      after?.dueOn ?? '-infinity',
      after?.deliveryId ?? '00000000-0000-0000-0000-000000000000',
      after?.task ?? '',
      limit,
    ],
  });
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    documentId: row.document_id,
    agencyId: row.agency_id,
    dueOn: row.due_on,
    task: row.task,
  }));
}

export function dropReminders(tx: Tx, reminders: readonly Reminder[]): void {
  if (reminders.length === 0) return;
  tx.send({
    name: 'drop_reminders',
    text: `delete from reminder r
            using unnest($1::uuid[], $2::date[], $3::text[]) as t (delivery_id, due_on, task)
            where r.delivery_id = t.delivery_id and r.due_on = t.due_on and r.task = t.task`,
    values: [reminders.map((r) => r.deliveryId), reminders.map((r) => r.dueOn), reminders.map((r) => r.task)],
  });
}
