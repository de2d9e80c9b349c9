import type { Attachment, Business, DocumentPackage, Organization, OtherInfo } from '../package.ts';
import { NO_ORGANIZATION, readCode, readOrganization, readResponseFor, readStaffInfo } from './common.ts';
import type { Fields } from './fields.ts';

const ANY = { min: 0, max: 999_999_999 };

/** Reads the header of a package that carries a document. */
export function readDocument(
  message: Fields,
  header: Fields,
  attachments: readonly Attachment[],
): Omit<DocumentPackage, 'signed'> {
  const from = message.requiredGroup('From');
  const sender = from ? readOrganization(from) : NO_ORGANIZATION;
  const code = readCode(message.requiredGroup('Code'), 'required');
  const promulgation = message.requiredGroup('PromulgationInfo');
  const promulgationDate = promulgation?.time('PromulgationDate', 'required') ?? '';
  const place = promulgation?.text('Place') ?? '';
  promulgation?.end();
  const type = message.requiredGroup('DocumentType');
  const trace = header.group('TraceHeaderList');
  const documentId = message.text('DocumentId');
  const composedId = [
    sender.organId,
    promulgationDate.slice(0, 10).replaceAll('-', '/'),
    `${code.codeNumber}/${code.codeNotation}`,
  ].join(',');
  if (documentId === '')
    message.findings.accept(
      message.element,
      'DOCUMENT_ID_MISSING',
      'has no DocumentId; it was made of agency, date, number and notation',
    );
  const document: Omit<DocumentPackage, 'signed'> = {
    kind: 'document',
    from: sender,
    to: readRecipients(message),
    documentId: documentId || composedId,
    code,
    place,
    promulgationDate,
    type: type?.integer('Type', ANY) ?? 0,
    typeDetail: type?.integer('TypeDetail', ANY),
    typeName: type?.text('TypeName') ?? '',
    subject: message.text('Subject', 'required'),
    content: message.text('Content'),
    signer: readSigner(message.group('SignerInfo')),
    dueDate: message.time('DueDate'),
    toPlaces: readList(message.group('ToPlaces'), 'Place'),
    otherInfo: readOtherInfo(message.group('OtherInfo')),
    responseFor: message.groups('ResponseFor').map(readResponseFor),
    steeringType: message.integer('SteeringType', { min: 0, max: 3 }),
    traceHeaders:
      trace?.groups('TraceHeader').map((fields) => {
        const traceHeader = { organId: fields.text('OrganId'), timestamp: fields.time('Timestamp') };
        fields.end();
        return traceHeader;
      }) ?? [],
    // It stands in the list of trace headers; some systems write it beside.
    business: readBusiness(trace?.group('Bussiness') ?? header.group('Bussiness')),
    attachments,
  };
  type?.end();
  trace?.end();
  message.end();
  return document;
}

function readRecipients(message: Fields): Organization[] {
  const groups = message.groups('To');
  if (groups.length === 0)
    message.findings.refuse(message.element, 'RECIPIENT_MISSING', 'must have at least one To; add it');
  const seen = new Set<string>();
  return groups.map((fields) => {
    const recipient = readOrganization(fields);
    if (recipient.organId !== '' && seen.has(recipient.organId))
      fields.findings.refuse(
        fields.element,
        'RECIPIENT_REPEATED',
        'names an agency that is named before; remove one of them',
      );
    seen.add(recipient.organId);
    return recipient;
  });
}

function readSigner(fields: Fields | undefined): DocumentPackage['signer'] {
  if (!fields) return undefined;
  const signer = {
    competence: fields.text('Competence'),
    position: fields.text('Position'),
    fullName: fields.text('FullName'),
  };
  fields.end();
  return Object.values(signer).some((text) => text !== '') ? signer : undefined;
}

function readList(fields: Fields | undefined, name: string): string[] {
  const texts = fields?.texts(name) ?? [];
  fields?.end();
  return texts;
}

function readOtherInfo(fields: Fields | undefined): OtherInfo {
  const otherInfo = {
    priority: fields?.integer('Priority', { min: 0, max: 4 }),
    sphereOfPromulgation: fields?.text('SphereOfPromulgation') ?? '',
    typerNotation: fields?.text('TyperNotation') ?? '',
    promulgationAmount: fields?.integer('PromulgationAmount', ANY),
    pageAmount: fields?.integer('PageAmount', ANY),
    direction: fields?.text('Direction') ?? '',
    appendixes: readList(fields?.group('Appendixes'), 'Appendix'),
  };
  fields?.end();
  return otherInfo;
}

function readBusiness(fields: Fields | undefined): Business | undefined {
  if (!fields) return undefined;
  const info = fields.group('BussinessDocumentInfo');
  const receivers = info?.group('ReceiverList');
  const replacements = fields.group('ReplacementInfoList');
  const staff = fields.group('StaffInfo');
  const business: Business = {
    documentId: fields.text('DocumentId'),
    docType: fields.integer('BussinessDocType', { min: 0, max: 3 }),
    docReason: fields.text('BussinessDocReason'),
    paper: fields.integer('Paper', ANY),
    documentInfo: info?.text('DocumentInfo') ?? '',
    documentReceiver: info?.text('DocumentReceiver') ?? '',
    receivers:
      receivers?.groups('Receiver').map((one) => {
        const receiver = {
          organId: one.text('OrganId', 'required'),
          receiverType: one.integer('ReceiverType', ANY),
        };
        one.end();
        return receiver;
      }) ?? [],
    replacements: replacements?.groups('ReplacementInfo').map(readReplacement) ?? [],
    staffInfo: staff && readStaffInfo(staff),
  };
  for (const group of [info, receivers, replacements, fields]) group?.end();
  return business;
}

function readReplacement(fields: Fields) {
  const list = fields.group('OrganIdList');
  const replacement = {
    documentId: fields.text('DocumentId', 'required'),
    organIds: readList(list, 'OrganId'),
  };
  fields.end();
  return replacement;
}
