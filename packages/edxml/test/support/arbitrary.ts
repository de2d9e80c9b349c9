/** Generated packages: every field that the format has, in values that a system could write. */
import fc from 'fast-check';
import type {
  Attachment,
  DocumentPackage,
  EdxmlPackage,
  Organization,
  ResponseFor,
  StatusPackage,
} from '../../src/index.ts';

/** Texts of Vietnamese letters, marks that XML escapes, line breaks, and any other character that XML has. */
const character = fc.oneof(
  fc.constantFrom(...'aàảãáạăâbcdđeêghiklmnoôơpqrstuưvxyAĐƯ0123456789 .,/-&<>"\'\t\n\r]]>'),
  fc.integer({ min: 0x20, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
);
const tidy = (text: string): string => text.normalize('NFC').trim();
const text = (max: number) =>
  fc
    .array(character, { maxLength: Math.min(max, 8) })
    .map((parts) => tidy(parts.join('')))
    .filter(({ length }) => length <= max);
const filled = (max: number) => text(max).filter((one) => one !== '');
const date = fc
  .date({ min: new Date('1976-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString());
const day = date.map((one) => one.slice(0, 10));
const time = fc.oneof(
  day,
  date.map((one) => one.slice(0, 19)),
);
const maybe = (value: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), value);
const number = (max = 999_999_999) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
const organId = fc.oneof(
  fc.constantFrom('H61', 'G22.03', '000.00.14.H20', 'vp-ubnd vinhlong'),
  fc.stringMatching(/^[A-Y]\d{2}(\.[A-Z0-9]{1,6}){0,3}$/),
);
const staffInfo = fc.record({ department: text(200), staff: text(100), email: text(100), mobile: text(50) });
const organization: fc.Arbitrary<Organization> = fc.record({
  organId,
  organizationInCharge: text(200),
  organName: text(200),
  organAdd: text(250),
  email: text(100),
  telephone: text(50),
  fax: text(50),
  website: text(100),
});
const code = fc.record({ codeNumber: filled(11), codeNotation: filled(30) });
const responseFor: fc.Arbitrary<ResponseFor> = fc.record({
  organId: maybe(organId),
  code,
  promulgationDate: maybe(day),
  documentId: text(200),
});
const attachment: fc.Arbitrary<Attachment> = fc.record({
  contentId: fc.uuid(),
  name: fc.constantFrom('công văn.pdf', 'phu-luc.docx', 'a&b.xml', 'khong-duoi'),
  contentType: fc.constantFrom('', 'application/pdf', 'application/octet-stream'),
  description: text(500),
  content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  packed: fc.boolean(),
});

const documentPackage: fc.Arbitrary<DocumentPackage> = fc.record({
  kind: fc.constant('document' as const),
  from: organization,
  to: fc.uniqueArray(organization, { minLength: 1, maxLength: 4, selector: (one) => one.organId }),
  documentId: fc.oneof(fc.uuid(), filled(200)),
  code,
  place: text(150),
  promulgationDate: time,
  type: fc.integer({ min: 0, max: 99 }),
  typeDetail: number(99),
  typeName: text(100),
  subject: filled(500),
  content: text(1000),
  signer: fc.option(fc.record({ competence: filled(100), position: text(100), fullName: text(50) }), {
    nil: undefined,
  }),
  dueDate: maybe(time),
  toPlaces: fc.array(filled(150), { maxLength: 3 }),
  otherInfo: fc.record({
    priority: number(4),
    sphereOfPromulgation: text(100),
    typerNotation: text(50),
    promulgationAmount: number(),
    pageAmount: number(),
    direction: text(100),
    appendixes: fc.array(filled(250), { maxLength: 3 }),
  }),
  responseFor: fc.array(responseFor, { maxLength: 3 }),
  steeringType: number(3),
  traceHeaders: fc.array(fc.record({ organId, timestamp: time }), { maxLength: 3 }),
  business: fc.option(
    fc.record({
      documentId: text(200),
      docType: number(3),
      docReason: text(500),
      paper: number(1),
      documentInfo: text(500),
      documentReceiver: text(500),
      receivers: fc.array(fc.record({ organId, receiverType: number(9) }), { maxLength: 3 }),
      replacements: fc.array(
        fc.record({ documentId: filled(200), organIds: fc.array(organId, { maxLength: 3 }) }),
        { maxLength: 3 },
      ),
      staffInfo: fc.option(staffInfo, { nil: undefined }),
    }),
    { nil: undefined },
  ),
  attachments: fc.uniqueArray(attachment, { maxLength: 3, selector: (one) => one.contentId }),
  signed: fc.constant(false),
});

const statusPackage: fc.Arbitrary<StatusPackage> = fc.record({
  kind: fc.constant('status' as const),
  from: organization,
  responseFor,
  staffInfo: fc.option(staffInfo, { nil: undefined }),
  statusCode: fc.constantFrom(1, 2, 3, 4, 5, 6, 13, 15, 16),
  description: text(500),
  timestamp: time,
  signed: fc.constant(false),
});

export const edxmlPackage: fc.Arbitrary<EdxmlPackage> = fc.oneof(documentPackage, statusPackage);
