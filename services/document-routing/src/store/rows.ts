import type {
  BusinessKind,
  ChangeKind,
  DeliveryState,
  DeliveryStatus,
  DocumentSummary,
  Party,
  SignatureState,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import type { ReadItem } from '@lienthong/kit';
import type { DeliveryRecord } from '../domain/delivery-record.ts';
import type { DocumentFacts } from '../domain/state.ts';

export interface DocumentRow {
  document_id: string;
  issuer_id: string;
  issuer_name: string;
  issuer_code: string;
  number: string;
  notation: string;
  type: string;
  subject: string;
  urgency: Urgency;
  steering: SteeringType;
  business_kind: BusinessKind;
  promulgated_on: string;
  due_on: string | null;
  attachment_count: number;
  issued_at: Date;
  signature_state: SignatureState;
}

/** Of `document as doc`. */
export const DOCUMENT_COLUMNS = `doc.id as document_id, doc.issuer_id, doc.issuer_name, doc.issuer_code, doc.number,
  doc.notation, doc.type, doc.subject, doc.urgency, doc.steering, doc.business_kind, doc.promulgated_on, doc.due_on,
  doc.attachment_count, doc.issued_at, doc.signature_state`;

export interface DeliveryRow {
  id: string;
  document_id: string;
  addressed_to_id: string;
  addressed_to_name: string;
  addressed_to_code: string;
  holder_id: string;
  holder_name: string;
  holder_code: string;
  state: DeliveryState;
  status: DeliveryStatus;
  work_status: DeliveryStatus;
  pending_kind: ChangeKind;
  pending_document_id: string | null;
  pending_reason: string | null;
  sent_at: Date;
  status_at: Date | null;
  answered_by_id: string | null;
  answered_at: Date | null;
  superseded_by_id: string | null;
  withdrawn: boolean;
  /** What the check on receipt found. */
  receipt_state: SignatureState;
  version: number;
}

/** Of `delivery as d`. */
export const DELIVERY_COLUMNS = `d.id, d.document_id, d.addressed_to_id, d.addressed_to_name, d.addressed_to_code,
  d.holder_id, coalesce(d.holder_name, d.addressed_to_name) as holder_name,
  coalesce(d.holder_code, d.addressed_to_code) as holder_code, d.state, d.status, d.work_status, d.pending_kind,
  d.pending_document_id, d.pending_reason, d.sent_at, d.status_at, d.answered_by_id, d.answered_at,
  d.superseded_by_id, d.withdrawn, d.signature_state as receipt_state, d.version`;

export const toSummary = (row: DocumentRow): DocumentSummary => ({
  id: row.document_id,
  issuerId: row.issuer_id,
  issuerName: row.issuer_name,
  number: row.number,
  notation: row.notation,
  type: row.type,
  subject: row.subject,
  urgency: row.urgency,
  steering: row.steering,
  businessKind: row.business_kind,
  promulgatedOn: row.promulgated_on,
  dueOn: row.due_on ?? '',
  attachmentCount: row.attachment_count,
  issuedAt: row.issued_at,
  signatureState: row.signature_state,
});

/** For the record of reads: a document belongs to its issuer. */
export const toReadItem = (row: Pick<DocumentRow, 'document_id' | 'issuer_id'>): ReadItem => ({
  documentId: row.document_id,
  ownerId: row.issuer_id,
});

export const issuerOf = (row: Pick<DocumentRow, 'issuer_id' | 'issuer_name' | 'issuer_code'>): Party => ({
  agencyId: row.issuer_id,
  name: row.issuer_name,
  code: row.issuer_code,
});

export const toFacts = (row: DocumentRow): DocumentFacts => ({
  issuer: issuerOf(row),
  summary: toSummary(row),
});

export const toRecord = (row: DeliveryRow, sender: Party): DeliveryRecord => ({
  id: row.id,
  documentId: row.document_id,
  addressedTo: { agencyId: row.addressed_to_id, name: row.addressed_to_name, code: row.addressed_to_code },
  holder: { agencyId: row.holder_id, name: row.holder_name, code: row.holder_code },
  sender,
  state: row.state,
  status: row.status,
  workStatus: row.work_status,
  pending:
    row.pending_kind === 0
      ? undefined
      : {
          kind: row.pending_kind,
          documentId: row.pending_document_id ?? '',
          reason: row.pending_reason ?? '',
        },
  sentAt: row.sent_at,
  statusAt: row.status_at ?? undefined,
  answeredById: row.answered_by_id ?? '',
  answeredAt: row.answered_at ?? undefined,
  supersededById: row.superseded_by_id ?? '',
  withdrawn: row.withdrawn,
  signatureState: row.receipt_state,
  version: row.version,
});
