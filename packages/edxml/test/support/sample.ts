import type { EdxmlPackage, Leniency, ReadResult, Violation } from '../../src/index.ts';

export const XMLNS = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
export const PDF = Buffer.from('%PDF-1.7\nNội dung công văn\n%%EOF\n');

const FROM = '<From><OrganId>H61</OrganId><OrganName>Ủy ban nhân dân tỉnh Vĩnh Long</OrganName></From>';
const TO = '<To><OrganId>H61.29542</OrganId><OrganName>UBND xã Tân Hòa</OrganName></To>';

export interface Parts {
  from?: string;
  to?: string;
  id?: string;
  code?: string;
  promulgation?: string;
  type?: string;
  subject?: string;
  rest?: string;
  trace?: string;
  manifest?: string;
  encoded?: string;
}

export const reference = (id: string, name = 'cong-van.pdf'): string =>
  `<Reference><ContentId>cid:${id}</ContentId><ContentType>application/pdf</ContentType><AttachmentName>${name}</AttachmentName></Reference>`;

export const encoded = (id: string, content: string, name = 'cong-van.pdf'): string =>
  `<Attachment><ContentId>${id}</ContentId><AttachmentName>${name}</AttachmentName><ContentType>application/pdf</ContentType><ContentTransferEncoded>${content}</ContentTransferEncoded></Attachment>`;

/** A small package of a document, some of its parts replaced. */
export function sample(parts: Parts = {}): string {
  const message = [
    parts.from ?? FROM,
    parts.to ?? TO,
    parts.id ?? '<DocumentId>7a1f0c9e-56aa-4d7c-9d60-4f8c7a1f0c9e</DocumentId>',
    parts.code ?? '<Code><CodeNumber>12</CodeNumber><CodeNotation>KH-UBND</CodeNotation></Code>',
    parts.promulgation ??
      '<PromulgationInfo><Place>Vĩnh Long</Place><PromulgationDate>2017/03/03</PromulgationDate></PromulgationInfo>',
    parts.type ?? '<DocumentType><Type>2</Type><TypeName>Kế hoạch</TypeName></DocumentType>',
    parts.subject ?? '<Subject>V/v cải cách thủ tục hành chính</Subject>',
    parts.rest ?? '',
  ].join('');
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<edXML xmlns="${XMLNS}"><edXMLEnvelope><edXMLHeader>` +
    `<MessageHeader>${message}</MessageHeader>${parts.trace ?? ''}</edXMLHeader>` +
    `<edXMLBody><edXMLManifest version="1.0">${parts.manifest ?? reference('a')}</edXMLManifest></edXMLBody></edXMLEnvelope>` +
    `<AttachmentEncoded>${parts.encoded ?? encoded('a', PDF.toString('base64'))}</AttachmentEncoded></edXML>`
  );
}

export const statusSample = (message: string): string =>
  `<edXML xmlns="${XMLNS}"><edXMLEnvelope><edXMLHeader><MessageHeader>${message}</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>`;

export function accepted(result: ReadResult): { edxml: EdxmlPackage; leniencies: readonly Leniency[] } {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.violations)}`);
  return { edxml: result.package, leniencies: result.leniencies };
}

export function refused(result: ReadResult): readonly Violation[] {
  if (result.ok) throw new Error('the package was accepted');
  return result.violations;
}

export const reasonsOf = (findings: readonly { reason: string }[]): string[] =>
  findings.map(({ reason }) => reason);
