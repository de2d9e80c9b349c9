import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { type DocumentPackage, documentIdParts, instantOf, readPackage } from '../src/index.ts';
import { pack } from '../src/packing.ts';
import {
  accepted,
  encoded,
  PDF,
  reasonsOf,
  reference,
  sample,
  statusSample,
  XMLNS,
} from './support/sample.ts';

const read = (xml: string) => {
  const { edxml, leniencies } = accepted(readPackage(Buffer.from(xml)));
  return { document: edxml as DocumentPackage, reasons: reasonsOf(leniencies), leniencies };
};

test('a package as the standard has it needs no leniency', () => {
  const { document, reasons } = read(sample());
  expect(reasons).toEqual([]);
  expect(document).toMatchObject({
    from: { organId: 'H61', organName: 'Ủy ban nhân dân tỉnh Vĩnh Long' },
    to: [{ organId: 'H61.29542' }],
    code: { codeNumber: '12', codeNotation: 'KH-UBND' },
    promulgationDate: '2017-03-03',
    attachments: [{ contentId: 'a', name: 'cong-van.pdf', content: PDF, packed: false }],
  });
});

test('elements come in any order', () => {
  const usual = sample();
  const [, from = ''] = /(<From>.*<\/From>)/.exec(usual) ?? [];
  const moved = usual.replace(from, '').replace('</Subject>', `</Subject>${from}`);
  expect(moved).not.toBe(usual);
  expect(read(moved).document).toEqual(read(usual).document);
  const body = /<edXMLBody>.*<\/edXMLBody>/.exec(usual)?.[0] ?? '';
  const bodyFirst = usual.replace(body, '').replace('<edXMLHeader>', `${body}<edXMLHeader>`);
  expect(read(bodyFirst).document).toEqual(read(usual).document);
});

test('a prefix instead of the default namespace changes nothing', () => {
  const prefixed = sample()
    .replace(/<(\/?)(\w)/g, '<$1ed:$2')
    .replace('xmlns=', 'xmlns:ed=');
  expect(read(prefixed)).toEqual({ ...read(sample()), leniencies: [] });
});

test.each([
  ['2017/03/03', '2017-03-03', []],
  ['2017/03/03 08:15:00', '2017-03-03T08:15:00', []],
  ['2017/3/3', '2017-03-03', ['DATE_UNUSUAL']],
  ['2017-03-03', '2017-03-03', ['DATE_UNUSUAL']],
  ['03/03/2017', '2017-03-03', ['DATE_UNUSUAL']],
  ['2017-03-03T08:15:00+07:00', '2017-03-03T08:15:00', ['DATE_UNUSUAL']],
  ['2017-03-02T20:15:00.123Z', '2017-03-03T03:15:00', ['DATE_UNUSUAL']],
])('the date %s', (text, value, reasons) => {
  const promulgation = `<PromulgationInfo><PromulgationDate>${text}</PromulgationDate></PromulgationInfo>`;
  const found = read(sample({ promulgation }));
  expect(found.document.promulgationDate).toBe(value);
  expect(found.reasons).toEqual(reasons);
});

test('a time without a zone is of Vietnam', () => {
  expect(instantOf('2017-03-03T08:15:00').toISOString()).toBe('2017-03-03T01:15:00.000Z');
  expect(instantOf('2017-03-03').toISOString()).toBe('2017-03-02T17:00:00.000Z');
});

test('ids of documents: a UUID, composed, any other, none', () => {
  const composed = 'H61,2017/03/03,12/KH-UBND';
  expect(documentIdParts(composed)).toEqual({
    form: 'composed',
    organId: 'H61',
    promulgationDate: '2017-03-03',
    number: '12',
    notation: 'KH-UBND',
  });
  expect(documentIdParts('7A1F0C9E-56aa-4d7c-9d60-4f8c7a1f0c9e')).toEqual({
    form: 'uuid',
    uuid: '7a1f0c9e-56aa-4d7c-9d60-4f8c7a1f0c9e',
  });
  expect(documentIdParts('VPCP_7816')).toEqual({ form: 'other' });
  const withoutId = read(sample({ id: '' }));
  expect(withoutId.document.documentId).toBe(composed);
  expect(withoutId.reasons).toEqual(['DOCUMENT_ID_MISSING']);
});

test('an OrganId out of grammar is kept, with its place', () => {
  const to = '\n<To><OrganId>000-00-xx</OrganId></To>';
  const { document, leniencies } = read(sample({ to }));
  expect(document.to[0]?.organId).toBe('000-00-xx');
  expect(leniencies).toMatchObject([
    {
      reason: 'ORGAN_ID_UNUSUAL',
      path: 'edXML/edXMLEnvelope/edXMLHeader/MessageHeader/To/OrganId',
      line: 3,
      column: 5,
    },
  ]);
});

test('an attachment may be the file, or a ZIP with it', () => {
  const packed = pack(PDF, 'cong-van.pdf').toString('base64');
  expect(read(sample({ encoded: encoded('a', packed) })).document.attachments).toMatchObject([
    { content: PDF, packed: true },
  ]);
  const docx = Buffer.from(
    zipSync({ '[Content_Types].xml': Buffer.from('<a/>'), 'word/document.xml': Buffer.from('<b/>') }),
  );
  const manifest = reference('a', 'v.docx');
  expect(
    read(sample({ manifest, encoded: encoded('a', docx.toString('base64'), 'v.docx') })).document.attachments,
  ).toMatchObject([{ content: docx, packed: false }]);
  const zip = pack(PDF, 'cong-van.pdf');
  expect(
    read(
      sample({ manifest: reference('a', 'v.zip'), encoded: encoded('a', zip.toString('base64'), 'v.zip') }),
    ).document.attachments,
  ).toMatchObject([{ content: zip, packed: false }]);
});

test('Base64 has line breaks, also written as references, or is CDATA', () => {
  const lines = PDF.toString('base64').replace(/.{8}/g, '$&\r\n');
  for (const content of [
    lines,
    lines.replaceAll('\r\n', '&#xD;\n'),
    `<![CDATA[${lines}]]>`,
    lines.replace('\r\n', '<!-- a > b -->'),
  ])
    expect(read(sample({ encoded: encoded('a', content) })).document.attachments[0]?.content).toEqual(PDF);
});

test('other spellings and unknown elements are taken or left out, and listed', () => {
  const trace =
    '<TraceHeaderList><Business><BusinessDocType>1</BusinessDocType><BussinessDocReason>Ban hành nhầm</BussinessDocReason></Business></TraceHeaderList>';
  const { document, reasons } = read(sample({ trace, rest: '<Vendor>x</Vendor><Foreign xmlns="urn:x"/>' }));
  expect(document.business).toMatchObject({ docType: 1, docReason: 'Ban hành nhầm' });
  expect(reasons.sort()).toEqual(['ELEMENT_UNKNOWN', 'ELEMENT_UNKNOWN', 'NAME_UNUSUAL', 'NAME_UNUSUAL']);
});

test('decomposed letters become NFC', () => {
  const subject = `<Subject>${'Đề nghị'.normalize('NFD')}</Subject>`;
  const { document, reasons } = read(sample({ subject }));
  expect(document.subject).toBe('Đề nghị');
  expect(reasons).toEqual(['UNICODE_FORM']);
});

test('a file that the manifest does not have is taken', () => {
  const { document, reasons } = read(sample({ manifest: '' }));
  expect(document.attachments).toHaveLength(1);
  expect(reasons).toEqual(['REFERENCE_MISSING']);
});

test('a status package', () => {
  const xml = statusSample(
    '<Timestamp>2017/03/04 09:00:00</Timestamp><StatusCode>03</StatusCode><Description>Đã vào sổ</Description>' +
      '<From><OrganId>H61.29542</OrganId></From><StaffInfo><Staff>Lê Thị Mẫu</Staff></StaffInfo>' +
      '<ResponseFor><OrganId>H61</OrganId><DocumentId>H61,2017/03/03,12/KH-UBND</DocumentId></ResponseFor>',
  );
  expect(accepted(readPackage(Buffer.from(xml)))).toMatchObject({
    leniencies: [],
    edxml: {
      kind: 'status',
      statusCode: 3,
      timestamp: '2017-03-04T09:00:00',
      responseFor: { organId: 'H61', documentId: 'H61,2017/03/03,12/KH-UBND' },
      staffInfo: { staff: 'Lê Thị Mẫu' },
    },
  });
});

test('a byte order mark and children without a namespace are accepted', () => {
  const xml = `\ufeff${sample().replace(`<edXML xmlns="${XMLNS}">`, `<e:edXML xmlns:e="${XMLNS}">`).replace('</edXML>', '</e:edXML>')}`;
  const { document, reasons } = read(xml);
  expect(document.code.codeNumber).toBe('12');
  expect(new Set(reasons)).toEqual(new Set(['NAMESPACE_MISSING']));
});
