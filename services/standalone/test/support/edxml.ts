import type { DocumentPackage, StatusPackage } from '@lienthong/edxml';

export const PROVINCE = 'H61';
export const DEPARTMENT = 'H61.SKHDT';
const PDF = Buffer.from('%PDF-1.7\nNội dung\n%%EOF\n');

export const organization = (organId: string) => ({
  organId,
  organizationInCharge: 'Ủy ban nhân dân tỉnh',
  organName: `Tên ${organId}`,
  organAdd: '88 Hoàng Thái Hiếu',
  email: 'a@vinhlong.gov.vn',
  telephone: '0270',
  fax: '',
  website: '',
});

let numbers = 0;
/** A document of the province to its department, each with a number of its own. */
export function plan(more: Partial<DocumentPackage> = {}): DocumentPackage {
  numbers += 1;
  return {
    kind: 'document',
    from: organization(PROVINCE),
    to: [organization(DEPARTMENT)],
    documentId: `${PROVINCE},2017/03/03,${numbers}/KH-UBND`,
    code: { codeNumber: String(numbers), codeNotation: 'KH-UBND' },
    place: 'Vĩnh Long',
    promulgationDate: '2017-03-03T08:15:00',
    type: 2,
    typeDetail: undefined,
    typeName: 'Kế hoạch',
    subject: 'V/v cải cách thủ tục hành chính',
    content: '',
    signer: { competence: 'TM. UBND', position: 'Chủ tịch', fullName: 'Nguyễn Văn A' },
    dueDate: '',
    toPlaces: ['Lưu: VT'],
    otherInfo: {
      priority: 1,
      sphereOfPromulgation: 'Toàn tỉnh',
      typerNotation: 'NVM',
      promulgationAmount: 64,
      pageAmount: 3,
      direction: '',
      appendixes: ['Phụ lục I'],
    },
    responseFor: [],
    steeringType: 1,
    traceHeaders: [{ organId: PROVINCE, timestamp: '2017-03-03T08:16:00' }],
    business: undefined,
    attachments: [
      {
        contentId: 'a',
        name: 'kế hoạch.pdf',
        contentType: 'application/pdf',
        description: '',
        content: PDF,
        packed: true,
      },
    ],
    signed: false,
    ...more,
  };
}

/** What the department reports of a document. */
export const status = (statusCode: number, documentId: string, timestamp: string): StatusPackage => ({
  kind: 'status',
  from: organization(DEPARTMENT),
  responseFor: {
    organId: PROVINCE,
    code: { codeNumber: '', codeNotation: '' },
    promulgationDate: '',
    documentId,
  },
  staffInfo: undefined,
  statusCode,
  description: 'đã xử lý',
  timestamp,
  signed: false,
});
