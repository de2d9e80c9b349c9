import type { LocalTime } from './local-time.ts';

/**
 * What an edXML package of QCVN 102:2016 says. Fields have the names of its elements. Texts are trimmed and in Unicode form
 * NFC; a text that is not there is '', a number that is not there undefined.
 */
export type EdxmlPackage = DocumentPackage | StatusPackage;

export interface DocumentPackage {
  kind: 'document';
  from: Organization;
  /** At least one, none twice. */
  to: readonly Organization[];
  documentId: string;
  code: Code;
  place: string;
  promulgationDate: LocalTime;
  /** The numbers of DocumentType/Type and TypeDetail. */
  type: number;
  typeDetail: number | undefined;
  typeName: string;
  subject: string;
  content: string;
  signer: { competence: string; position: string; fullName: string } | undefined;
  dueDate: LocalTime;
  toPlaces: readonly string[];
  otherInfo: OtherInfo;
  responseFor: readonly ResponseFor[];
  steeringType: number | undefined;
  traceHeaders: readonly TraceHeader[];
  business: Business | undefined;
  attachments: readonly Attachment[];
  /** The package has an XMLDSig signature; `verifyXml` of package signatures checks it. Not written. */
  signed: boolean;
}

/** The report of a recipient, or of the sender (13), about one document. */
export interface StatusPackage {
  kind: 'status';
  from: Organization;
  responseFor: ResponseFor;
  staffInfo: StaffInfo | undefined;
  /** The national code: 1 for "01". */
  statusCode: number;
  description: string;
  timestamp: LocalTime;
  signed: boolean;
}

export interface Organization {
  organId: string;
  organizationInCharge: string;
  organName: string;
  organAdd: string;
  email: string;
  telephone: string;
  fax: string;
  website: string;
}

export interface Code {
  codeNumber: string;
  codeNotation: string;
}

export interface OtherInfo {
  /** 0 to 4. */
  priority: number | undefined;
  sphereOfPromulgation: string;
  typerNotation: string;
  promulgationAmount: number | undefined;
  pageAmount: number | undefined;
  direction: string;
  appendixes: readonly string[];
}

/** A document that is answered, or that a status is about. */
export interface ResponseFor {
  organId: string;
  code: Code;
  promulgationDate: LocalTime;
  documentId: string;
}

export interface TraceHeader {
  organId: string;
  timestamp: LocalTime;
}

/** The element "Bussiness"; that is its official spelling. */
export interface Business {
  /** The earlier document that is revoked, updated or replaced. */
  documentId: string;
  /** 0 new, 1 revoke, 2 update, 3 replace. */
  docType: number | undefined;
  docReason: string;
  /** 1: the paper follows. */
  paper: number | undefined;
  documentInfo: string;
  documentReceiver: string;
  receivers: readonly Receiver[];
  replacements: readonly ReplacementInfo[];
  staffInfo: StaffInfo | undefined;
}

export interface Receiver {
  organId: string;
  receiverType: number | undefined;
}

export interface ReplacementInfo {
  documentId: string;
  organIds: readonly string[];
}

export interface StaffInfo {
  department: string;
  staff: string;
  email: string;
  mobile: string;
}

export interface Attachment {
  /** Without "cid:". */
  contentId: string;
  name: string;
  contentType: string;
  description: string;
  /** The file itself. */
  content: Buffer;
  /** In the package it is the one file of a ZIP. */
  packed: boolean;
}
