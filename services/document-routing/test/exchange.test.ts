import { type DeepPartial, Exchange } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldRefused, openWorld, plan, send, type World } from './support/world.ts';

const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long' });
const department = agency({ code: 'H61.SKHDT', name: 'Sở Kế hoạch và Đầu tư' });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, department);
});
afterAll(() => world.stop());

const EXCHANGE = Exchange.fromPartial({
  origin: {
    system: 'axis',
    documentId: 'G22,2026/01/14,7816/VPCP-TTĐT',
    organId: 'G22',
    number: '7816',
    notation: 'VPCP-TTĐT',
    promulgatedOn: '2026-01-14',
    promulgationTime: '2026-01-14T09:30:00',
  },
  from: { organId: 'G22', inCharge: 'Chính phủ', name: 'Văn phòng Chính phủ', website: 'vpcp.chinhphu.vn' },
  to: [{ organId: 'H61', telephone: '0270 3822 000' }, { organId: '000.00.14.H20' }],
  nationalType: 2,
  typeDetail: 7,
  typeName: 'Công văn',
  sphereOfPromulgation: 'Toàn quốc',
  typerNotation: 'NVM',
  promulgationAmount: 64,
  direction: 'Đi',
  respondsTo: [{ system: 'axis', documentId: 'b', organId: 'H20' }],
  traces: [{ organId: 'G22', at: new Date('2026-01-14T03:00:00Z'), time: '2026-01-14T10:00:00' }],
  paper: 1,
  businessInfo: '1',
  businessReceiver: '1',
  businessReceivers: [{ organId: 'H61', receiverType: 1 }],
  replacements: [{ documentId: 'c', organIds: ['H61', 'H61.SKHDT'] }],
  staffInfo: {
    department: 'Vụ Hành chính',
    staff: 'Lê Thị Mẫu',
    email: 'mau@example.vn',
    mobile: '0900000000',
  },
  businessDocumentId: 'd',
  packageSha256: 'a'.repeat(64),
  promulgationTime: '2026-01-14T09:30:00',
  dueTime: '2026-01-20',
  priority: 4,
  steeringType: 2,
  businessDocType: 1,
  attachments: [{ contentId: 'x', packed: true }],
  leniencies: [{ reason: 'DATE_UNUSUAL', path: 'edXML/To', description: 'was read as 2026-01-14' }],
});

test('what a package says beside the fields of a document is kept, and returned', async () => {
  const { id } = await send(world.as(province), plan([department], { type: 'NĐ', exchange: EXCHANGE }));
  for (const reader of [province, department]) {
    const { document } = await world.as(reader).routing.getDocument({ documentId: id });
    expect(document?.exchange).toEqual(EXCHANGE);
    expect(document?.type).toBe('NĐ');
  }
});

test('a document without a package has none', async () => {
  const { id } = await send(world.as(province), plan([department]));
  const { document } = await world.as(department).routing.getDocument({ documentId: id });
  expect(document?.exchange).toBeUndefined();
});

test.each([
  ['exchange.typer_notation', 'FIELD_TOO_LONG', { typerNotation: 'x'.repeat(51) }],
  ['exchange.to[0].organ_id', 'FIELD_REQUIRED', { to: [{ name: 'Không mã' }] }],
  ['exchange.due_time', 'DATE_INVALID', { dueTime: '20/01/2026' }],
  ['exchange.origin.promulgated_on', 'DATE_INVALID', { origin: { promulgatedOn: '14/01/2026' } }],
  [
    'exchange.replacements',
    'TOO_MANY',
    { replacements: Array.from({ length: 101 }, () => ({ documentId: 'x' })) },
  ],
] satisfies [string, string, DeepPartial<Exchange>][])(
  '%s is refused: %s',
  async (name, reason, exchange) => {
    const call = world.as(province).routing.issueDocument(plan([department], { exchange }));
    expect(await refusalOf(call)).toEqual(fieldRefused(name, reason));
  },
);

describe('a document of another system', () => {
  const stranger = agency({ code: 'H61.STC', name: 'Sở Tài chính' });
  const from = (documentId: string, more: DeepPartial<Exchange> = {}) => ({
    exchange: { origin: { system: 'e-office', documentId }, packageSha256: 'b'.repeat(64), ...more },
  });

  test('is found by its id, by those who take part in it', async () => {
    await world.announce(stranger);
    const { id } = await send(world.as(province), plan([department], from('VB-1')));
    for (const reader of [province, department])
      expect(await world.as(reader).routing.findDocuments({ documentId: 'VB-1' })).toMatchObject({
        documents: [{ document: { id }, system: 'e-office', packageSha256: 'b'.repeat(64) }],
      });
    const { routing } = world.as(stranger);
    expect(await routing.findDocuments({ documentId: 'VB-1' })).toEqual({ documents: [] });
    const elsewhere = { documentId: 'VB-1', system: 'axis' };
    expect(await world.as(province).routing.findDocuments(elsewhere)).toEqual({ documents: [] });
  });

  test('is issued once, also when two come at once; another agency and another system have ids of their own', async () => {
    const issue = (by: typeof province, more = from('VB-2')) =>
      world.as(by).routing.issueDocument(plan([department], more));
    const all = await Promise.allSettled([issue(province), issue(province), issue(province)]);
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(2);
    for (const error of refused)
      expect(await refusalOf(Promise.reject(error))).toEqual({
        code: 'ALREADY_EXISTS',
        reason: 'ORIGIN_ALREADY_USED',
        violations: ['exchange.origin.document_id ORIGIN_ALREADY_USED'],
      });
    await issue(department);
    await issue(province, from('VB-2', { origin: { system: 'axis', documentId: 'VB-2' } }));
    const { documents } = await world.as(department).routing.findDocuments({ documentId: 'VB-2' });
    expect(documents).toHaveLength(3);
  });
});
