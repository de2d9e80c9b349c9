import { Reroute } from '@lienthong/contracts/routing';
import type { Tx } from '@lienthong/kit';
import type { HistoryRow, NewDelivery } from '../domain/change.ts';
import type { DeliveryPatch } from '../domain/delivery-change.ts';

/** Runs after the documents are inserted, because the statement copies fields of the document. */
export function insertDeliveries(tx: Tx, sent: readonly NewDelivery[]): void {
  const column = <V>(of: (delivery: NewDelivery) => V) => sent.map(of);
  // Null where the holder is the addressed agency under the same name.
  const successor = ({ holder, addressedTo }: NewDelivery) => (holder === addressedTo ? undefined : holder);
  tx.send({
    name: 'insert_deliveries',
    text: `insert into delivery (id, document_id, addressed_to_id, addressed_to_name, addressed_to_code, holder_id,
                                 holder_name, holder_code, state, status, work_status, sent_at, version, type,
                                 urgency, steering)
           select s.id, s.document_id, s.addressed_to_id, s.addressed_to_name, s.addressed_to_code, s.holder_id,
                  s.holder_name, s.holder_code, 1, 0, 0, doc.issued_at, 1, doc.type, doc.urgency, doc.steering
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[],
                         $8::text[])
                  as s (id, document_id, addressed_to_id, addressed_to_name, addressed_to_code, holder_id,
                        holder_name, holder_code)
             join document doc on doc.id = s.document_id`,
    values: [
      column((d) => d.id),
      column((d) => d.documentId),
      column((d) => d.addressedTo.agencyId),
      column((d) => d.addressedTo.name),
      column((d) => d.addressedTo.code),
      column((d) => d.holder.agencyId),
      column((d) => successor(d)?.name),
      column((d) => successor(d)?.code),
    ],
  });
}

/** Changes only the fields that a patch has; the rows have been locked since they were loaded. */
export function updateDeliveries(tx: Tx, patches: ReadonlyMap<string, DeliveryPatch>): void {
  const rows = [...patches.values()];
  const column = <V>(of: (patch: DeliveryPatch) => V) => rows.map((row) => of(row) ?? null);
  tx.send({
    name: 'update_deliveries',
    text: `update delivery d
              set version = p.version,
                  status = coalesce(p.status, d.status),
                  work_status = coalesce(p.work_status, d.work_status),
                  state = coalesce(p.state, d.state),
                  status_at = coalesce(p.status_at, d.status_at),
                  pending_kind = coalesce(p.pending_kind, d.pending_kind),
                  pending_document_id =
                    case when p.pending_kind is null then d.pending_document_id else p.pending_document_id end,
                  pending_reason = case when p.pending_kind is null then d.pending_reason else p.pending_reason end,
                  holder_id = coalesce(p.holder_id, d.holder_id),
                  holder_name = coalesce(p.holder_name, d.holder_name),
                  holder_code = coalesce(p.holder_code, d.holder_code),
                  answered_by_id = coalesce(p.answered_by_id, d.answered_by_id),
                  answered_at = coalesce(p.answered_at, d.answered_at),
                  superseded_by_id = coalesce(p.superseded_by_id, d.superseded_by_id),
                  withdrawn = coalesce(p.withdrawn, d.withdrawn),
                  signature_state = coalesce(p.signature_state, d.signature_state)
             from unnest($1::uuid[], $2::int[], $3::smallint[], $4::smallint[], $5::smallint[], $6::timestamptz[],
                         $7::smallint[], $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::uuid[],
                         $14::timestamptz[], $15::uuid[], $16::boolean[], $17::smallint[])
                  as p (id, version, status, work_status, state, status_at, pending_kind, pending_document_id,
                        pending_reason, holder_id, holder_name, holder_code, answered_by_id, answered_at,
                        superseded_by_id, withdrawn, signature_state)
            where d.id = p.id`,
    values: [
      [...patches.keys()],
      column((p) => p.version),
      column((p) => p.status),
      column((p) => p.workStatus),
      column((p) => p.state),
      column((p) => p.statusAt?.toISOString()),
      column((p) => ('pending' in p ? (p.pending?.kind ?? 0) : null)),
      column((p) => p.pending?.documentId || null),
      column((p) => p.pending?.reason),
      column((p) => p.holder?.agencyId),
      column((p) => p.holder?.name),
      column((p) => p.holder?.code),
      column((p) => p.answeredById),
      column((p) => p.answeredAt?.toISOString()),
      column((p) => p.supersededById),
      column((p) => p.withdrawn),
      column((p) => p.signatureState),
    ],
  });
}

export function insertHistory(tx: Tx, rows: readonly HistoryRow[]): void {
  tx.send({
    name: 'insert_history',
    text: `insert into delivery_status (delivery_id, version, status, reason, assignee, actor_agency_id,
                                        actor_officer_id, agency_name, at, reroute, happened_at, late)
           select * from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[],
                                $8::text[], $9::timestamptz[], $10::jsonb[], $11::timestamptz[], $12::boolean[])`,
    values: [
      rows.map((one) => one.deliveryId),
      rows.map((one) => one.version),
      rows.map((one) => one.status),
      rows.map((one) => one.reason),
      rows.map((one) => one.assignee),
      rows.map((one) => one.actor.agencyId),
      rows.map((one) => one.actor.officerId),
      rows.map((one) => one.agencyName),
      rows.map((one) => one.at.toISOString()),
      rows.map((one) => (one.reroute ? JSON.stringify(Reroute.toJSON(one.reroute)) : null)),
      rows.map((one) => one.happenedAt?.toISOString() ?? null),
      rows.map((one) => one.late),
    ],
  });
}
