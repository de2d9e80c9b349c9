import { MAX_COUNT, maxLengthOf, NAMESPACE } from './limits.ts';
import { toNational } from './local-time.ts';
import type {
  Attachment,
  Business,
  Code,
  DocumentPackage,
  EdxmlPackage,
  Organization,
  OtherInfo,
  ResponseFor,
  StaffInfo,
  StatusPackage,
} from './package.ts';
import { pack } from './packing.ts';
import { element, escapeXml, isXmlText } from './xml/xml-writer.ts';

/** A value that no package can have. */
export class PackageNotWritable extends Error {
  override name = 'PackageNotWritable';
  /** The element. */
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field} ${message}`);
    this.field = field;
  }
}

/** Writes a package in UTF-8, elements in the order of QCVN 102:2016. @throws PackageNotWritable */
export function writePackage(edxml: EdxmlPackage): Buffer {
  const parts =
    edxml.kind === 'document'
      ? [
          envelope(documentHeader(edxml), manifest(edxml.attachments)),
          ...encodedAttachments(edxml.attachments),
        ]
      : [envelope(element('MessageHeader', statusMessage(edxml)), '')];
  return Buffer.concat([
    Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${NAMESPACE}">`),
    ...parts.map((part) => Buffer.from(part, 'utf8')),
    Buffer.from('</edXML>\n'),
  ]);
}

const envelope = (header: string, body: string): string =>
  element('edXMLEnvelope', element('edXMLHeader', header) + body);

/** Nothing for a text that is not there. */
function text(name: string, value: string): string {
  if (value === '') return '';
  const max = maxLengthOf(name);
  if (value.length > max)
    throw new PackageNotWritable(name, `must be at most ${max} characters; it has ${value.length}`);
  if (!isXmlText(value)) throw new PackageNotWritable(name, 'has a character that XML does not have');
  return element(name, escapeXml(value));
}

const number = (name: string, value: number | undefined): string =>
  value === undefined ? '' : element(name, String(value));

const time = (name: string, value: string): string => text(name, toNational(value));

const group = (name: string, content: string): string => (content === '' ? '' : element(name, content));

function each<T>(name: string, items: readonly T[], write: (item: T) => string): string {
  const max = MAX_COUNT[name] ?? 1;
  if (items.length > max) throw new PackageNotWritable(name, `must be there at most ${max} times`);
  return items.map(write).join('');
}

const documentHeader = (one: DocumentPackage): string =>
  element('MessageHeader', documentMessage(one)) +
  group(
    'TraceHeaderList',
    each('TraceHeader', one.traceHeaders, ({ organId, timestamp }) =>
      element('TraceHeader', text('OrganId', organId) + time('Timestamp', timestamp)),
    ) + (one.business ? business(one.business) : ''),
  );

const documentMessage = (one: DocumentPackage): string =>
  [
    element('From', organization(one.from)),
    each('To', one.to, (to) => element('To', organization(to))),
    text('DocumentId', one.documentId),
    element('Code', code(one.code)),
    element('PromulgationInfo', text('Place', one.place) + time('PromulgationDate', one.promulgationDate)),
    element(
      'DocumentType',
      number('Type', one.type) + number('TypeDetail', one.typeDetail) + text('TypeName', one.typeName),
    ),
    text('Subject', one.subject),
    text('Content', one.content),
    one.signer
      ? element(
          'SignerInfo',
          text('Competence', one.signer.competence) +
            text('Position', one.signer.position) +
            text('FullName', one.signer.fullName),
        )
      : '',
    time('DueDate', one.dueDate),
    group(
      'ToPlaces',
      each('Place', one.toPlaces, (place) => text('Place', place)),
    ),
    group('OtherInfo', otherInfo(one.otherInfo)),
    each('ResponseFor', one.responseFor, (response) => element('ResponseFor', responseFor(response))),
    number('SteeringType', one.steeringType),
  ].join('');

const statusMessage = (one: StatusPackage): string =>
  [
    element('From', organization(one.from)),
    element('ResponseFor', responseFor(one.responseFor)),
    one.staffInfo ? staffInfo(one.staffInfo) : '',
    element('StatusCode', String(one.statusCode).padStart(2, '0')),
    text('Description', one.description),
    time('Timestamp', one.timestamp),
  ].join('');

const organization = (one: Organization): string =>
  [
    text('OrganId', one.organId),
    text('OrganizationInCharge', one.organizationInCharge),
    text('OrganName', one.organName),
    text('OrganAdd', one.organAdd),
    text('Email', one.email),
    text('Telephone', one.telephone),
    text('Fax', one.fax),
    text('Website', one.website),
  ].join('');

const code = (one: Code): string =>
  text('CodeNumber', one.codeNumber) + text('CodeNotation', one.codeNotation);

const responseFor = (one: ResponseFor): string =>
  text('OrganId', one.organId) +
  group('Code', code(one.code)) +
  time('PromulgationDate', one.promulgationDate) +
  text('DocumentId', one.documentId);

const otherInfo = (one: OtherInfo): string =>
  [
    number('Priority', one.priority),
    text('SphereOfPromulgation', one.sphereOfPromulgation),
    text('TyperNotation', one.typerNotation),
    number('PromulgationAmount', one.promulgationAmount),
    number('PageAmount', one.pageAmount),
    text('Direction', one.direction),
    group(
      'Appendixes',
      each('Appendix', one.appendixes, (appendix) => text('Appendix', appendix)),
    ),
  ].join('');

const business = (one: Business): string =>
  element(
    'Bussiness',
    [
      text('DocumentId', one.documentId),
      number('BussinessDocType', one.docType),
      text('BussinessDocReason', one.docReason),
      number('Paper', one.paper),
      group(
        'BussinessDocumentInfo',
        text('DocumentInfo', one.documentInfo) +
          text('DocumentReceiver', one.documentReceiver) +
          group(
            'ReceiverList',
            each('Receiver', one.receivers, ({ organId, receiverType }) =>
              element('Receiver', text('OrganId', organId) + number('ReceiverType', receiverType)),
            ),
          ),
      ),
      group(
        'ReplacementInfoList',
        each('ReplacementInfo', one.replacements, ({ documentId, organIds }) =>
          element(
            'ReplacementInfo',
            text('DocumentId', documentId) +
              group(
                'OrganIdList',
                each('OrganId', organIds, (organId) => text('OrganId', organId)),
              ),
          ),
        ),
      ),
      one.staffInfo ? staffInfo(one.staffInfo) : '',
    ].join(''),
  );

const staffInfo = (one: StaffInfo): string =>
  element(
    'StaffInfo',
    text('Department', one.department) +
      text('Staff', one.staff) +
      text('Email', one.email) +
      text('Mobile', one.mobile),
  );

const manifest = (attachments: readonly Attachment[]): string =>
  attachments.length === 0
    ? ''
    : element(
        'edXMLBody',
        `<edXMLManifest version="1.0">${each('Reference', attachments, (one) =>
          element(
            'Reference',
            text('ContentId', `cid:${one.contentId}`) +
              text('ContentType', one.contentType) +
              text('Description', one.description) +
              text('AttachmentName', one.name),
          ),
        )}</edXMLManifest>`,
      );

/** Each file apart: together they may be longer than a string can be. */
const encodedAttachments = (attachments: readonly Attachment[]): string[] =>
  attachments.length === 0
    ? []
    : [
        '<AttachmentEncoded>',
        ...attachments.flatMap((one) => [
          '<Attachment>',
          text('ContentId', one.contentId) +
            text('AttachmentName', one.name) +
            text('Description', one.description) +
            text('ContentType', one.contentType),
          '<ContentTransferEncoded>',
          (one.packed ? pack(one.content, one.name) : one.content).toString('base64'),
          '</ContentTransferEncoded></Attachment>',
        ]),
        '</AttachmentEncoded>',
      ];
