/** How many characters an element's text may have (QCVN 102:2016 where it says so). */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  OrganId: 100,
  OrganizationInCharge: 200,
  OrganName: 200,
  OrganAdd: 250,
  Email: 100,
  Telephone: 50,
  Fax: 50,
  Website: 100,
  DocumentId: 200,
  CodeNumber: 11,
  CodeNotation: 30,
  Place: 150,
  TypeName: 100,
  Subject: 500,
  Content: 100_000,
  Competence: 100,
  Position: 100,
  FullName: 50,
  SphereOfPromulgation: 100,
  TyperNotation: 50,
  Direction: 100,
  Appendix: 250,
  BussinessDocReason: 500,
  DocumentInfo: 500,
  DocumentReceiver: 500,
  Department: 200,
  Staff: 100,
  Mobile: 50,
  Description: 500,
  ContentId: 200,
  ContentType: 100,
  AttachmentName: 200,
};

/** Of a date or number. */
const MAX_SHORT_LENGTH = 50;

export const maxLengthOf = (element: string): number => MAX_LENGTH[element] ?? MAX_SHORT_LENGTH;

/** How many elements of a kind a package may have. */
export const MAX_COUNT: Readonly<Record<string, number>> = {
  To: 5000,
  Place: 200,
  Appendix: 100,
  ResponseFor: 100,
  TraceHeader: 500,
  Receiver: 5000,
  ReplacementInfo: 100,
  OrganId: 5000,
  Reference: 100,
  Attachment: 100,
};

export const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';
export const SIGNATURE_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
