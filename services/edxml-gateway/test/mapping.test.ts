import { createHash } from 'node:crypto';
import { Document, type IssueDocumentRequest } from '@lienthong/contracts/routing';
import { type DocumentPackage, readPackage, writePackage } from '@lienthong/edxml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edxmlPackage } from '../../../packages/edxml/test/support/arbitrary.ts';
import { accepted, sample } from '../../../packages/edxml/test/support/sample.ts';
import { toIssueRequest } from '../src/domain/issue.ts';
import { toPackage } from '../src/domain/package.ts';

const document = edxmlPackage.filter((one) => one.kind === 'document') as fc.Arbitrary<DocumentPackage>;
const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

const issueOf = (edxml: DocumentPackage, refersToId = ''): IssueDocumentRequest =>
  toIssueRequest(edxml, {
    system: 'e-office',
    packageSha256: digest(writePackage(edxml)),
    leniencies: [],
    digests: edxml.attachments.map(({ content }) => digest(content)),
    respondsToId: '',
    refersToId,
  });

/** As the platform keeps a request: through the wire. */
const kept = ({ attachments, ...request }: IssueDocumentRequest): Document =>
  Document.decode(Document.encode(Document.fromPartial({ ...request, id: 'x', attachments })).finish());

const again = (edxml: DocumentPackage, refersToId = ''): DocumentPackage =>
  toPackage(kept(issueOf(edxml, refersToId)), {
    issuer: { agencyId: '', name: '', code: '' },
    recipients: [],
    contents: edxml.attachments.map(({ content }) => content),
  });

/** In a package the number 0 and an absent number are one; so are no business and an empty one (ADR 48). */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const tidy = plain(field);
    const isNothing =
      tidy === undefined || tidy === 0 || tidy === '' || (Array.isArray(tidy) && tidy.length === 0);
    return isNothing ? [] : [[name, tidy]];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

test('package, platform, package: every field is there again', () => {
  fc.assert(
    fc.property(document, fc.constantFrom('', 'known'), (edxml, refersToId) => {
      expect(plain(again(edxml, refersToId))).toEqual(plain(edxml));
    }),
    { numRuns: 100 },
  );
});

test('the second round gives the same bytes as the first', () => {
  fc.assert(
    fc.property(document, (edxml) => {
      const first = again(edxml);
      expect(writePackage(again(first))).toEqual(writePackage(first));
    }),
    { numRuns: 25 },
  );
});

const read = (parts: Parameters<typeof sample>[0]) =>
  accepted(readPackage(Buffer.from(sample(parts)))).edxml as DocumentPackage;

test.each<[name: string, parts: Parameters<typeof sample>[0], reasons: string[], made: object]>([
  ['a usual package', {}, [], { type: 'KH', number: '12', notation: 'KH-UBND', promulgatedOn: '2017-03-03' }],
  ['a type by the notation', { type: '<DocumentType><Type>9</Type></DocumentType>' }, [], { type: 'KH' }],
  [
    'a type that nobody knows',
    {
      type: '<DocumentType><Type>9</Type><TypeName>Tờ rơi</TypeName></DocumentType>',
      code: '<Code><CodeNumber>1 2</CodeNumber><CodeNotation>UBND-VP</CodeNotation></Code>',
    },
    ['SPACES_REMOVED', 'TYPE_UNKNOWN'],
    { type: 'CV', number: '12' },
  ],
  [
    'a directive without a due date',
    { rest: '<SteeringType>2</SteeringType>' },
    ['DIRECTIVE_WITHOUT_DUE_DATE'],
    { steering: 1 },
  ],
  [
    'a due date before the document',
    { rest: '<DueDate>2017/03/01</DueDate>' },
    ['DUE_DATE_EARLY'],
    { dueOn: '' },
  ],
  [
    'the highest urgency without a time',
    { rest: '<OtherInfo><Priority>4</Priority></OtherInfo>' },
    ['FLASH_WITHOUT_TIME'],
    { urgency: 4 },
  ],
  [
    'the highest urgency with its time',
    { rest: '<DueDate>2017/03/04 08:00:00</DueDate><OtherInfo><Priority>4</Priority></OtherInfo>' },
    [],
    { urgency: 5, deliverBy: new Date('2017-03-04T01:00:00Z') },
  ],
  [
    'an update of a document that nobody knows',
    {
      trace:
        '<TraceHeaderList><Bussiness><DocumentId>x</DocumentId><BussinessDocType>2</BussinessDocType></Bussiness></TraceHeaderList>',
    },
    ['CHANGED_DOCUMENT_UNKNOWN'],
    { businessKind: 1 },
  ],
])('%s: leniencies and what is issued', (_, parts, reasons, made) => {
  const request = issueOf(read(parts));
  expect(request.exchange?.leniencies.map(({ reason }) => reason)).toEqual(reasons);
  expect(request).toMatchObject(made);
});
