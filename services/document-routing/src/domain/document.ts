import {
  type AttachmentRef,
  type BusinessKind,
  type Document,
  type DocumentSignature,
  type DocumentSummary,
  type Exchange,
  SignatureState,
  type Signer,
  type SteeringType,
  type Task,
  type Urgency,
} from '@lienthong/contracts/routing';

/** A recipient as the sender names it: by stable id, or by a code that is resolved at a date. */
export interface RecipientRef {
  /** '' when a code is given. */
  agencyId: string;
  scheme: string;
  code: string;
  /** The date at which the code is resolved; '' for the document's promulgated_on. */
  asOf: string;
}

/** A document to issue; each field is checked and normalised to NFC. */
export interface Draft {
  /** '' to draw the next number of the series. */
  number: string;
  notation: string;
  type: string;
  subject: string;
  content: string;
  urgency: Urgency;
  deliverBy: Date | undefined;
  place: string;
  promulgatedOn: string;
  signer: Signer | undefined;
  steering: SteeringType;
  dueOn: string;
  tasks: readonly Task[];
  businessKind: BusinessKind;
  refersToId: string;
  businessReason: string;
  respondsToId: string;
  attachments: readonly AttachmentRef[];
  toPlaces: readonly string[];
  appendixes: readonly string[];
  pageAmount: number;
  recipients: readonly RecipientRef[];
  signatures: readonly DocumentSignature[];
  exchange: Exchange | undefined;
}

/** The year of the number series. */
export const yearOf = (draft: Pick<Draft, 'promulgatedOn'>): number =>
  Number(draft.promulgatedOn.slice(0, 4));

/** The document as its event has it: without the people who sent the package, whose data an event would keep for good. */
export const inEvent = (document: Document): Document =>
  document.exchange?.staffInfo === undefined
    ? document
    : { ...document, exchange: { ...document.exchange, staffInfo: undefined } };

export const summaryOf = (document: Document): DocumentSummary => ({
  id: document.id,
  issuerId: document.issuerId,
  issuerName: document.issuerName,
  number: document.number,
  notation: document.notation,
  type: document.type,
  subject: document.subject,
  urgency: document.urgency,
  steering: document.steering,
  businessKind: document.businessKind,
  promulgatedOn: document.promulgatedOn,
  dueOn: document.dueOn,
  attachmentCount: document.attachments.length,
  issuedAt: document.issuedAt,
  signatureState: document.signatureVerdict?.state ?? SignatureState.UNSPECIFIED,
});
