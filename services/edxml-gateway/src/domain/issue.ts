import {
  BusinessKind,
  type Exchange,
  type ForeignDocument,
  IssueDocumentRequest,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import { type DocumentPackage, instantOf, type LocalTime, type ResponseFor } from '@lienthong/edxml';
import { documentType, LETTER } from './document-type.ts';
import { BUSINESS, type Leniency, MESSAGE } from './places.ts';

/** What the platform knows of what a package names. */
export interface Known {
  /** Which system gave the package its DocumentId. */
  system: string;
  packageSha256: string;
  /** What the codec took. */
  leniencies: readonly Leniency[];
  /** Digests of the attachments, in their order. */
  digests: readonly string[];
  /** The document that this one answers; '' when none of ResponseFor is known. */
  respondsToId: string;
  /** The document that this one revokes, updates or replaces; '' when it is not known. */
  refersToId: string;
}

/** Stands for the reason that a package leaves out: the platform requires one. */
export const NO_REASON = '(gói tin không nêu lý do)';

const dayOf = (time: LocalTime): string => time.slice(0, 10);

/** The request that issues the document of a package. What the platform has in another way is in `exchange.leniencies`. */
export function toIssueRequest(edxml: DocumentPackage, known: Known): IssueDocumentRequest {
  const leniencies = known.leniencies.map(({ reason, path, description }) => ({ reason, path, description }));
  const accept = (reason: string, path: string, description: string) =>
    void leniencies.push({ reason, path, description });
  const promulgatedOn = dayOf(edxml.promulgationDate);
  const urgency = urgencyOf(edxml, accept);
  const due = dueOf(edxml, promulgatedOn, accept);
  const business = businessOf(edxml, known, accept);
  if (edxml.responseFor.length > 0 && known.respondsToId === '')
    accept(
      'RESPONSE_UNKNOWN',
      `${MESSAGE}/ResponseFor`,
      'names no document that the sender has; it is kept as text',
    );
  return IssueDocumentRequest.fromPartial({
    number: withoutSpaces(edxml.code.codeNumber, `${MESSAGE}/Code/CodeNumber`, accept),
    notation: withoutSpaces(edxml.code.codeNotation, `${MESSAGE}/Code/CodeNotation`, accept),
    type: typeOf(edxml, accept),
    subject: edxml.subject,
    content: edxml.content,
    ...urgency,
    place: edxml.place,
    promulgatedOn,
    signer: edxml.signer,
    ...due,
    ...business,
    respondsToId: known.respondsToId,
    attachments: edxml.attachments.map(({ name, contentType, description }, i) => ({
      sha256: known.digests[i] ?? '',
      name,
      contentType,
      description,
    })),
    toPlaces: [...edxml.toPlaces],
    appendixes: [...edxml.otherInfo.appendixes],
    pageAmount: edxml.otherInfo.pageAmount ?? 0,
    recipients: edxml.to.map(({ organId }) => ({
      recipient: { $case: 'code', value: { scheme: '', code: organId } },
    })),
    exchange: exchangeOf(edxml, known, leniencies),
  });
}

type Accept = (reason: string, path: string, description: string) => void;

function withoutSpaces(text: string, path: string, accept: Accept): string {
  const tidy = text.replace(/\s+/g, '');
  if (tidy !== text) accept('SPACES_REMOVED', path, 'had spaces; they were left out');
  return tidy;
}

function typeOf({ typeName, code, type }: DocumentPackage, accept: Accept): string {
  const known = documentType(typeName, code.codeNotation);
  if (known === undefined && (typeName !== '' || type !== 0))
    accept(
      'TYPE_UNKNOWN',
      `${MESSAGE}/DocumentType`,
      'is not a type of the platform; it was taken as Công văn',
    );
  return known ?? LETTER;
}

/** The national number of an urgency is one less than that of the contract. */
function urgencyOf({ otherInfo: { priority = 0 }, dueDate }: DocumentPackage, accept: Accept) {
  const urgency = (priority + 1) as Urgency;
  if (urgency !== Urgency.FLASH_TIMED) return { urgency };
  if (dueDate.length > 10) return { urgency, deliverBy: instantOf(dueDate) };
  accept(
    'FLASH_WITHOUT_TIME',
    `${MESSAGE}/OtherInfo/Priority`,
    'is 4, and DueDate has no time; it was taken as 3',
  );
  return { urgency: Urgency.FLASH };
}

function dueOf({ dueDate, steeringType = 0 }: DocumentPackage, promulgatedOn: string, accept: Accept) {
  const day = dayOf(dueDate);
  const isEarly = day !== '' && day < promulgatedOn;
  if (isEarly)
    accept('DUE_DATE_EARLY', `${MESSAGE}/DueDate`, 'is before PromulgationDate; it counts for nothing');
  const dueOn = isEarly ? '' : day;
  const steering = (steeringType || SteeringType.NONE) as SteeringType;
  if (steering !== SteeringType.DIRECTIVE || dueOn !== '') return { dueOn, steering };
  accept(
    'DIRECTIVE_WITHOUT_DUE_DATE',
    `${MESSAGE}/SteeringType`,
    'is 2 without a DueDate; it was taken as 1',
  );
  return { dueOn, steering: SteeringType.NONE };
}

/** Refuses nothing itself: a revocation of an unknown document is refused by the platform for its refers_to_id. */
function businessOf({ business }: DocumentPackage, { refersToId }: Known, accept: Accept) {
  const kind = ((business?.docType ?? 0) + 1) as BusinessKind;
  const given = business?.docReason ?? '';
  if (kind === BusinessKind.NEW) return { businessKind: kind, businessReason: given };
  if (refersToId === '' && kind !== BusinessKind.REVOKE) {
    const what = 'changes a document that the sender has not issued here; it was taken as a new one';
    accept('CHANGED_DOCUMENT_UNKNOWN', `${BUSINESS}/BussinessDocType`, what);
    return { businessKind: BusinessKind.NEW, businessReason: given };
  }
  if (given === '')
    accept('REASON_MISSING', `${BUSINESS}/BussinessDocReason`, `is empty; "${NO_REASON}" was taken`);
  if ((business?.replacements.length ?? 0) > 1) {
    const what = 'names several documents; the platform changes the first one that it knows';
    accept('REPLACEMENTS_SEVERAL', `${BUSINESS}/ReplacementInfoList`, what);
  }
  return { businessKind: kind, businessReason: given || NO_REASON, refersToId };
}

/** A document that a package names, as it came. */
export const foreignDocument = (named: ResponseFor, system: string): ForeignDocument => ({
  system,
  documentId: named.documentId,
  organId: named.organId,
  number: named.code.codeNumber,
  notation: named.code.codeNotation,
  promulgatedOn: dayOf(named.promulgationDate),
  promulgationTime: named.promulgationDate,
});

const toContact = (one: DocumentPackage['from']) => ({
  organId: one.organId,
  inCharge: one.organizationInCharge,
  name: one.organName,
  address: one.organAdd,
  email: one.email,
  telephone: one.telephone,
  fax: one.fax,
  website: one.website,
});

function exchangeOf(edxml: DocumentPackage, known: Known, leniencies: Leniency[]): Exchange {
  const { system, packageSha256 } = known;
  const { otherInfo, business } = edxml;
  const own: ResponseFor = { ...edxml, organId: edxml.from.organId };
  return {
    origin: foreignDocument(own, system),
    from: toContact(edxml.from),
    to: edxml.to.map(toContact),
    nationalType: edxml.type,
    typeDetail: edxml.typeDetail ?? 0,
    typeName: edxml.typeName,
    sphereOfPromulgation: otherInfo.sphereOfPromulgation,
    typerNotation: otherInfo.typerNotation,
    promulgationAmount: otherInfo.promulgationAmount ?? 0,
    direction: otherInfo.direction,
    respondsTo: edxml.responseFor.map((one) => foreignDocument(one, system)),
    traces: edxml.traceHeaders.map(({ organId, timestamp }) => ({
      organId,
      at: timestamp === '' ? undefined : instantOf(timestamp),
      time: timestamp,
    })),
    paper: business?.paper ?? 0,
    businessInfo: business?.documentInfo ?? '',
    businessReceiver: business?.documentReceiver ?? '',
    businessReceivers: (business?.receivers ?? []).map(({ organId, receiverType = 0 }) => ({
      organId,
      receiverType,
    })),
    replacements: (business?.replacements ?? []).map(({ documentId, organIds }) => ({
      documentId,
      organIds: [...organIds],
    })),
    staffInfo: business?.staffInfo,
    businessDocumentId: business?.documentId ?? '',
    packageSha256,
    promulgationTime: edxml.promulgationDate,
    dueTime: edxml.dueDate,
    priority: otherInfo.priority ?? 0,
    steeringType: edxml.steeringType ?? 0,
    businessDocType: business?.docType ?? 0,
    attachments: edxml.attachments.map(({ contentId, packed }) => ({ contentId, packed })),
    leniencies: leniencies.slice(0, MAX_LENIENCIES).map(shorten),
  };
}

const MAX_LENIENCIES = 200;
const shorten = ({ reason, path, description }: Leniency): Leniency => ({
  reason: reason.slice(0, 50),
  path: path.slice(0, 300),
  description: description.slice(0, 500),
});
