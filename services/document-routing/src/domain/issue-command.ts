import type { SignatureCheck } from '@lienthong/contracts/routing';
import type { Draft } from './document.ts';

export interface IssueCommand {
  kind: 'issue';
  callerId: string;
  officerId: string;
  now: Date;
  /** The date of `now` in Vietnam. */
  today: string;
  documentId: string;
  /** One for each recipient. */
  deliveryIds: readonly string[];
  draft: Draft;
  /** Of the draft's signatures in their order, then of those inside its PDFs; undefined: nothing can be checked. */
  signatureChecks: readonly SignatureCheck[] | undefined;
  /** The document needs the signatures of the competent person and of the agency. */
  signaturesRequired: boolean;
}
