import { BusinessKind, type Document, type Exchange, type Party } from '@lienthong/contracts/routing';
import {
  type Attachment,
  type Business,
  type DocumentPackage,
  localTimeOf,
  type Organization,
  type ResponseFor,
} from '@lienthong/edxml';
import { typeNameOf } from './document-type.ts';
import { NO_REASON } from './issue.ts';

/** What a package needs beside the document. */
export interface Around {
  issuer: Party;
  /** Agencies that the document was sent to, as far as its reader may know them; at least one. */
  recipients: readonly Party[];
  /** Of the attachments, in their order. */
  contents: readonly Buffer[];
  /** The earlier documents, when the reader may read them. */
  refersTo?: Document | undefined;
  respondsTo?: Document | undefined;
}

const NO_CONTACT = { organizationInCharge: '', organAdd: '', email: '', telephone: '', fax: '', website: '' };

export const organizationOf = ({ code, name }: Party): Organization => ({
  organId: code,
  organName: name,
  ...NO_CONTACT,
});

const orAbsent = (number: number): number | undefined => (number === 0 ? undefined : number);

/** The id by which other systems know the document: that of its own system, or that of the platform. */
export const foreignIdOf = ({ id, exchange }: Pick<Document, 'id' | 'exchange'>): string =>
  exchange?.origin?.documentId || id;

/** The package of a document. One that came in a package has every field of it again. */
export function toPackage(document: Document, around: Around): DocumentPackage {
  const { exchange } = document;
  const came = exchange?.origin ? exchange : undefined;
  return {
    kind: 'document',
    from: came?.from ? toOrganization(came.from) : organizationOf(around.issuer),
    to: came && came.to.length > 0 ? came.to.map(toOrganization) : around.recipients.map(organizationOf),
    documentId: foreignIdOf(document),
    code: {
      codeNumber: came?.origin?.number || document.number,
      codeNotation: came?.origin?.notation || document.notation,
    },
    place: document.place,
    promulgationDate: came?.promulgationTime || document.promulgatedOn,
    type: came?.nationalType ?? 0,
    typeDetail: orAbsent(came?.typeDetail ?? 0),
    typeName: came ? came.typeName : typeNameOf(document.type),
    subject: document.subject,
    content: document.content,
    signer: document.signer,
    dueDate: came ? came.dueTime : dueDateOf(document),
    toPlaces: document.toPlaces,
    otherInfo: {
      priority: orAbsent(came ? came.priority : document.urgency - 1),
      sphereOfPromulgation: came?.sphereOfPromulgation ?? '',
      typerNotation: came?.typerNotation ?? '',
      promulgationAmount: orAbsent(came?.promulgationAmount ?? 0),
      pageAmount: orAbsent(document.pageAmount),
      direction: came?.direction ?? '',
      appendixes: document.appendixes,
    },
    responseFor: came ? came.respondsTo.map(toResponseFor) : responsesOf(around),
    steeringType: orAbsent(came ? came.steeringType : document.steering),
    traceHeaders: (came?.traces ?? []).map(({ organId, time }) => ({ organId, timestamp: time })),
    business: came ? businessAsItCame(came, document) : businessOf(document, around),
    attachments: document.attachments.map(({ name, contentType, description, sha256 }, i): Attachment => {
      const { contentId, packed } = came?.attachments[i] ?? {
        contentId: `${i + 1}-${sha256}`,
        packed: false,
      };
      return { contentId, name, contentType, description, content: contentAt(around, i), packed };
    }),
    signed: false,
  };
}

function contentAt({ contents }: Around, i: number): Buffer {
  const content = contents[i];
  if (content === undefined) throw new Error(`attachment ${i} has no content`);
  return content;
}

const dueDateOf = ({ deliverBy, dueOn }: Document): string =>
  deliverBy === undefined ? dueOn : localTimeOf(deliverBy);

const toOrganization = (one: NonNullable<Exchange['from']>): Organization => ({
  organId: one.organId,
  organizationInCharge: one.inCharge,
  organName: one.name,
  organAdd: one.address,
  email: one.email,
  telephone: one.telephone,
  fax: one.fax,
  website: one.website,
});

const toResponseFor = (one: Exchange['respondsTo'][number]): ResponseFor => ({
  organId: one.organId,
  code: { codeNumber: one.number, codeNotation: one.notation },
  promulgationDate: one.promulgationTime || one.promulgatedOn,
  documentId: one.documentId,
});

const responsesOf = ({ respondsTo }: Around): ResponseFor[] =>
  respondsTo === undefined ? [] : [namedDocument(respondsTo, respondsTo.exchange?.origin?.organId ?? '')];

/** How a package names a document of the platform. */
export const namedDocument = (
  document: Pick<Document, 'id' | 'number' | 'notation' | 'promulgatedOn' | 'exchange'>,
  organId: string,
): ResponseFor => ({
  organId,
  code: {
    codeNumber: document.exchange?.origin?.number || document.number,
    codeNotation: document.exchange?.origin?.notation || document.notation,
  },
  promulgationDate: document.promulgatedOn,
  documentId: foreignIdOf(document),
});

function businessAsItCame(came: Exchange, { businessReason }: Document): Business | undefined {
  const business: Business = {
    documentId: came.businessDocumentId,
    docType: orAbsent(came.businessDocType),
    docReason: businessReason === NO_REASON ? '' : businessReason,
    paper: orAbsent(came.paper),
    documentInfo: came.businessInfo,
    documentReceiver: came.businessReceiver,
    receivers: came.businessReceivers.map(({ organId, receiverType }) => ({
      organId,
      receiverType: orAbsent(receiverType),
    })),
    replacements: came.replacements,
    staffInfo: came.staffInfo,
  };
  return isEmpty(business) ? undefined : business;
}

const isEmpty = (business: Business): boolean =>
  Object.values(business).every((one) => one === undefined || one.length === 0);

function businessOf(document: Document, { refersTo }: Around): Business | undefined {
  if (document.businessKind === BusinessKind.NEW) return undefined;
  return {
    documentId: refersTo ? foreignIdOf(refersTo) : document.refersToId,
    docType: document.businessKind - 1,
    docReason: document.businessReason,
    paper: undefined,
    documentInfo: '',
    documentReceiver: '',
    receivers: [],
    replacements: [],
    staffInfo: undefined,
  };
}
