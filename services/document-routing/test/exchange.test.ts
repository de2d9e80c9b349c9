import { type DeepPartial, Exchange } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  traces: [{ organId: 'G22', at: new Date('2026-01-14T03:00:00Z') }],
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
