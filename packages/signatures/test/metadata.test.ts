import { BusinessKind, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { expect, test } from 'vitest';
import { canonicalMetadata, type SignedFields } from '../src/index.ts';

const fields: SignedFields = {
  issuerId: '018f0000-0000-7000-8000-000000000001',
  number: '12',
  notation: 'QĐ-UBND',
  type: 'QĐ',
  subject: 'Về việc "kiểm tra"\n',
  content: '',
  urgency: Urgency.NORMAL,
  deliverBy: new Date('2026-01-05T01:40:00Z'),
  place: 'Tân Hòa',
  promulgatedOn: '2026-01-05',
  signer: { competence: 'TM.', position: 'Chủ tịch', fullName: 'Lê Văn A' },
  steering: SteeringType.NONE,
  dueOn: '',
  tasks: [{ content: 'Báo cáo', dueOn: '2026-02-01' }],
  businessKind: BusinessKind.NEW,
  refersToId: '',
  businessReason: '',
  respondsToId: '',
  attachments: [{ sha256: 'ab'.repeat(32), name: 'qd.pdf', contentType: 'application/pdf', description: '' }],
  toPlaces: ['Như Điều 3'],
  appendixes: [],
  pageAmount: 2,
};

test('the signed form is canonical JSON, as the format says', () => {
  expect(canonicalMetadata(fields).toString()).toBe(
    `{"appendixes":[],"attachments":[{"contentType":"application/pdf","description":"","name":"qd.pdf","sha256":"${'ab'.repeat(32)}"}],` +
      '"businessKind":1,"businessReason":"","content":"","deliverBy":"2026-01-05T01:40:00.000Z","dueOn":"","format":"lienthong-document@v1",' +
      '"issuerId":"018f0000-0000-7000-8000-000000000001","notation":"QĐ-UBND","number":"12","pageAmount":2,"place":"Tân Hòa",' +
      '"promulgatedOn":"2026-01-05","refersToId":"","respondsToId":"",' +
      '"signer":{"competence":"TM.","fullName":"Lê Văn A","position":"Chủ tịch"},"steering":1,' +
      '"subject":"Về việc \\"kiểm tra\\"","tasks":[{"content":"Báo cáo","dueOn":"2026-02-01"}],"toPlaces":["Như Điều 3"],' +
      '"type":"QĐ","urgency":1}',
  );
});

test('Unicode forms and white space around texts make no difference; each field does', () => {
  const of = (changed: Partial<SignedFields>) => canonicalMetadata({ ...fields, ...changed }).toString();
  expect(of({ subject: ` ${fields.subject.normalize('NFD')} ` })).toBe(of({}));
  const { signer: _, ...rest } = fields;
  for (const name of Object.keys(rest) as (keyof typeof rest)[]) {
    const value = fields[name];
    const other = typeof value === 'number' ? value + 1 : typeof value === 'string' ? `${value}x` : undefined;
    const changed = Array.isArray(value) ? [...value, ...(value.length ? value : ['x'])] : other;
    expect(of({ [name]: changed }), name).not.toBe(of({}));
  }
  expect(of({ signer: undefined })).not.toBe(of({}));
});
