import { expect, test } from 'vitest';
import { readPackage } from '../src/index.ts';
import { pack } from '../src/packing.ts';
import {
  encoded,
  PDF,
  reasonsOf,
  reference,
  refused,
  sample,
  statusSample,
  XMLNS,
} from './support/sample.ts';

const refuse = (xml: string | Buffer, limits = {}) => refused(readPackage(Buffer.from(xml), limits));
const MESSAGE = 'edXML/edXMLEnvelope/edXMLHeader/MessageHeader';

test('broken XML is answered with the place', () => {
  const xml = sample({ subject: '\n\n <Subject>A & B</Subject>' });
  expect(refuse(xml)).toMatchObject([
    { reason: 'XML_MALFORMED', line: 4, column: 13, path: `${MESSAGE}/Subject` },
  ]);
  expect(refuse(sample().slice(0, -4))).toMatchObject([{ reason: 'XML_MALFORMED' }]);
  expect(refuse('')).toMatchObject([{ reason: 'XML_MALFORMED' }]);
  expect(refuse('not XML')).toMatchObject([{ reason: 'XML_MALFORMED' }]);
  const crossed = `<edXML xmlns="${XMLNS}">\n <a>\n  <b></a></b></edXML>`;
  expect(refuse(crossed)).toMatchObject([{ reason: 'XML_MALFORMED', line: 3, column: 9 }]);
});

test('entities and document types are refused before they do anything', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${sample().slice(39)}`;
  expect(refuse(bomb)).toMatchObject([{ reason: 'XML_DOCTYPE' }]);
  const external = `<!DOCTYPE a SYSTEM "file:///etc/passwd">${sample().slice(39)}`;
  expect(refuse(external)).toMatchObject([{ reason: 'XML_DOCTYPE' }]);
  expect(refuse(sample({ subject: '<Subject>&a;</Subject>' }))).toMatchObject([{ reason: 'XML_MALFORMED' }]);
});

test('depth, number of elements and size have limits', () => {
  const deep = `<edXML xmlns="${XMLNS}">${'<a>'.repeat(100_000)}`;
  expect(refuse(deep)).toMatchObject([{ reason: 'XML_TOO_DEEP' }]);
  expect(refuse(sample({ rest: '<a/>'.repeat(70_000) }))).toMatchObject([
    { reason: 'XML_TOO_MANY_ELEMENTS' },
  ]);
  expect(refuse(sample(), { maxBytes: 500 })).toMatchObject([{ reason: 'PACKAGE_TOO_LARGE' }]);
  const text = `<Subject>${'x'.repeat(9 * 1024 * 1024)}</Subject>`;
  expect(refuse(sample({ subject: text }))).toMatchObject([{ reason: 'PACKAGE_TOO_LARGE' }]);
});

test('other encodings than UTF-8', () => {
  expect(refuse(sample().replace('"utf-8"', '"windows-1258"'))).toMatchObject([
    { reason: 'ENCODING_UNSUPPORTED' },
  ]);
  expect(refuse(Buffer.from(sample().replace('Tân', 'T\u00e2n'), 'latin1'))).toMatchObject([
    { reason: 'ENCODING_UNSUPPORTED' },
  ]);
});

test('another namespace or root', () => {
  expect(refuse(sample().replace(XMLNS, 'urn:other'))).toMatchObject([
    { reason: 'NAMESPACE_WRONG', path: 'edXML', line: 2, column: 1 },
  ]);
  expect(refuse(`<other xmlns="${XMLNS}"/>`)).toMatchObject([{ reason: 'ROOT_WRONG' }]);
  expect(refuse(`<edXML xmlns="${XMLNS}"/>`)).toMatchObject([{ reason: 'FIELD_REQUIRED', path: 'edXML' }]);
});

test('an attachment that is missing, twice there, or not Base64', () => {
  expect(refuse(sample({ manifest: reference('b') }))).toMatchObject([
    { reason: 'ATTACHMENT_MISSING', path: 'edXML/edXMLEnvelope/edXMLBody/edXMLManifest/Reference' },
  ]);
  const file = encoded('a', PDF.toString('base64'));
  expect(refuse(sample({ encoded: file + file }))).toMatchObject([
    { reason: 'ATTACHMENT_REPEATED', path: 'edXML/AttachmentEncoded/Attachment[2]' },
  ]);
  expect(refuse(sample({ manifest: reference('a') + reference('a') }))).toMatchObject([
    { reason: 'ATTACHMENT_REPEATED' },
  ]);
  for (const content of ['QUJD*', 'QUJ', 'QQ==QUJD', 'QUJD<b/>-', 'Q-_='])
    expect(refuse(sample({ encoded: encoded('a', content) }))).toMatchObject([
      { reason: 'CONTENT_NOT_BASE64' },
    ]);
});

test('a ZIP that grows beyond the limit, or is cut', () => {
  const packed = pack(Buffer.alloc(2_000_000), 'cong-van.pdf');
  const maxAttachmentBytes = 1_000_000;
  expect(
    refuse(sample({ encoded: encoded('a', packed.toString('base64')) }), { maxAttachmentBytes }),
  ).toMatchObject([{ reason: 'ATTACHMENT_TOO_LARGE' }]);
  // The sizes in the local header and in the directory say that it is small.
  const lying = Buffer.from(packed);
  const directory = lying.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  lying.writeUInt32LE(1000, 22);
  lying.writeUInt32LE(1000, directory + 24);
  expect(
    refuse(sample({ encoded: encoded('a', lying.toString('base64')) }), { maxAttachmentBytes }),
  ).toMatchObject([{ reason: 'ZIP_BROKEN' }]);
  const cut = packed.subarray(0, packed.length / 2).toString('base64');
  expect(refuse(sample({ encoded: encoded('a', cut) }))).toMatchObject([{ reason: 'ZIP_BROKEN' }]);
});

test('fields that are missing, wrong, too long or there twice', () => {
  expect(refuse(sample({ to: '' }))).toMatchObject([{ reason: 'RECIPIENT_MISSING', path: MESSAGE }]);
  const twice = '<To><OrganId>H61.1</OrganId></To>'.repeat(2);
  expect(refuse(sample({ to: twice }))).toMatchObject([
    { reason: 'RECIPIENT_REPEATED', path: `${MESSAGE}/To[2]` },
  ]);
  expect(
    refuse(sample({ code: '<Code><CodeNumber>1</CodeNumber></Code>', subject: '<Subject> </Subject>' })),
  ).toMatchObject([
    { reason: 'FIELD_REQUIRED', path: `${MESSAGE}/Code`, description: 'must have CodeNotation; add it' },
    { reason: 'FIELD_REQUIRED', path: `${MESSAGE}/Subject`, description: 'must not be empty' },
  ]);
  const long = `<Subject>${'x'.repeat(501)}</Subject>`;
  expect(refuse(sample({ subject: long }))).toMatchObject([
    { reason: 'FIELD_TOO_LONG', path: `${MESSAGE}/Subject` },
  ]);
  const two = '<Subject>a</Subject><Subject>b</Subject>';
  expect(refuse(sample({ subject: two }))).toMatchObject([
    { reason: 'FIELD_REPEATED', path: `${MESSAGE}/Subject[2]` },
  ]);
  for (const text of ['2017/02/30', '2017/13/01', 'hôm nay', '2017/03/03 25:00:00', '0001/01/01'])
    expect(reasonsOf(refuse(sample({ rest: `<DueDate>${text}</DueDate>` })))).toEqual(['DATE_INVALID']);
  expect(refuse(sample({ rest: '<OtherInfo><Priority>9</Priority></OtherInfo>' }))).toMatchObject([
    { reason: 'NUMBER_INVALID', path: `${MESSAGE}/OtherInfo/Priority` },
  ]);
});

test('a status of nothing', () => {
  expect(
    reasonsOf(
      refuse(statusSample('<From><OrganId>H61</OrganId></From><StatusCode>03</StatusCode><ResponseFor/>')),
    ),
  ).toEqual(['FIELD_REQUIRED', 'FIELD_REQUIRED']);
});
