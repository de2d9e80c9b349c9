/** Prints how many packages with a file of 100 KiB are read and written a second: `node packages/edxml/bench/packages.ts`. */
import { randomBytes } from 'node:crypto';
import { type DocumentPackage, type Organization, readPackage, writePackage } from '../src/index.ts';

const ROUNDS = 1_000;

const organization = (organId: string, organName: string): Organization => ({
  organId,
  organName,
  organizationInCharge: '',
  organAdd: '',
  email: '',
  telephone: '',
  fax: '',
  website: '',
});

const edxml: DocumentPackage = {
  kind: 'document',
  from: organization('H61', 'Ủy ban nhân dân tỉnh Vĩnh Long'),
  to: Array.from({ length: 20 }, (_, i) => organization(`H61.${29_542 + i}`, `UBND xã ${i}`)),
  documentId: 'H61,2026/01/15,12/KH-UBND',
  code: { codeNumber: '12', codeNotation: 'KH-UBND' },
  place: 'Vĩnh Long',
  promulgationDate: '2026-01-15',
  type: 2,
  typeDetail: undefined,
  typeName: 'Kế hoạch',
  subject: 'V/v cải cách thủ tục hành chính',
  content: '',
  signer: undefined,
  dueDate: '',
  toPlaces: [],
  otherInfo: {
    priority: 0,
    sphereOfPromulgation: '',
    typerNotation: '',
    promulgationAmount: undefined,
    pageAmount: undefined,
    direction: '',
    appendixes: [],
  },
  responseFor: [],
  steeringType: undefined,
  traceHeaders: [],
  business: undefined,
  attachments: [
    {
      contentId: 'a',
      name: 'ke-hoach.pdf',
      contentType: 'application/pdf',
      description: '',
      content: randomBytes(100 * 1024),
      packed: false,
    },
  ],
  signed: false,
};

function measure(name: string, step: () => unknown): void {
  for (let i = 0; i < ROUNDS / 10; i += 1) step();
  const start = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i += 1) step();
  const { user, system } = process.cpuUsage(start);
  console.log(
    `${name} ${(ROUNDS / ((user + system) / 1e6)).toFixed(0)} packages in a second of processor time`,
  );
}

const bytes = writePackage(edxml);
if (!readPackage(bytes).ok) throw new Error('the package is refused');
measure('read', () => readPackage(bytes));
measure('write', () => writePackage(edxml));
