import type { Reader } from '@lienthong/kit';
import { DELIVERY_COLUMNS, type DeliveryRow, DOCUMENT_COLUMNS, type DocumentRow } from './rows.ts';

export interface StatusRow {
  status: number;
  reason: string;
  assignee: string;
  actor_agency_id: string;
  actor_officer_id: string;
  agency_name: string;
  at: Date;
  reroute: unknown;
  happened_at: Date | null;
  late: boolean;
}

/** Of `delivery d`: one of the agencies $2 holds it or was addressed in it. */
const TO_AGENCIES =
  'not d.withdrawn and (d.holder_id = any($2::uuid[]) or d.addressed_to_id = any($2::uuid[]))';

/** A document; its record, which may be long, is null when none of the agencies issued, holds or was addressed in it. */
export async function readDocument(
  reader: Reader,
  documentId: string,
  agencyIds: readonly string[],
): Promise<(DocumentRow & { record: Buffer | null }) | undefined> {
  const rows = await reader.query<DocumentRow & { record: Buffer | null }>({
    name: 'read_document',
    text: `select ${DOCUMENT_COLUMNS},
                  case when doc.issuer_id = any($2::uuid[]) or exists (
                    select from delivery d
                     where d.document_id = doc.id and ${TO_AGENCIES}
                  ) then doc.record end as record
             from document doc where doc.id = $1`,
    values: [documentId, agencyIds],
  });
  return rows[0];
}

/** The document of a delivery, if there is something in it that may be signed. */
export async function readSigned(
  reader: Reader,
  deliveryId: string,
): Promise<{ record: Buffer; holder_id: string } | undefined> {
  const [row] = await reader.query<{ record: Buffer; holder_id: string }>({
    name: 'read_signed',
    text: `select doc.record, d.holder_id from delivery d join document doc on doc.id = d.document_id
            where d.id = $1 and (doc.signature_state <> 0 or doc.attachment_count > 0)`,
    values: [deliveryId],
  });
  return row;
}

/** The deliveries of a document that any of the agencies holds or was addressed in; index delivery_by_document, then a filter. */
export const readDeliveriesTo = (
  reader: Reader,
  documentId: string,
  agencyIds: readonly string[],
): Promise<DeliveryRow[]> =>
  reader.query({
    name: 'read_deliveries_to',
    text: `select ${DELIVERY_COLUMNS} from delivery d
            where d.document_id = $1 and ${TO_AGENCIES}`,
    values: [documentId, agencyIds],
  });

/**
 * A page of a document's deliveries by recipient code; sorts the at most 5,000 deliveries of a document. With agencies: only
 * those that one of them holds or was addressed in, without withdrawn ones.
 */
export const readDeliveries = (
  reader: Reader,
  documentId: string,
  agencyIds: readonly string[] | undefined,
  after: { code: string; id: string } | undefined,
  limit: number,
): Promise<DeliveryRow[]> =>
  reader.query({
    name: 'read_deliveries',
    text: `select ${DELIVERY_COLUMNS} from delivery d
            where d.document_id = $1
              and ($2::uuid[] is null or ${TO_AGENCIES})
              and ($3::text is null or (d.addressed_to_code, d.id) > ($3, $4::uuid))
            order by d.addressed_to_code, d.id limit $5`,
    values: [documentId, agencyIds ?? null, after?.code ?? null, after?.id ?? null, limit],
  });

export async function readDelivery(
  reader: Reader,
  deliveryId: string,
): Promise<{ delivery: DeliveryRow & DocumentRow; history: StatusRow[] } | undefined> {
  const [rows, history] = await Promise.all([
    reader.query<DeliveryRow & DocumentRow>({
      name: 'read_delivery',
      text: `select ${DELIVERY_COLUMNS}, ${DOCUMENT_COLUMNS}
               from delivery d join document doc on doc.id = d.document_id where d.id = $1`,
      values: [deliveryId],
    }),
    reader.query<StatusRow>({
      name: 'read_history',
      text: `select status, reason, assignee, actor_agency_id, actor_officer_id, agency_name, at, reroute, happened_at, late
               from delivery_status where delivery_id = $1 order by version`,
      values: [deliveryId],
    }),
  ]);
  const [delivery] = rows;
  return delivery && { delivery, history };
}
