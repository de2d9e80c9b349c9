import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import { agency, ended, officer } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { all, openWorld, plan, send, type World } from './support/world.ts';

const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const successor = agency({ code: 'H61.9', name: 'Xã Mới' });
const alive = agency({ code: 'H61.1', name: 'Xã Cũ' });
const gone = ended(alive, '2026-01-10', successor.id);
const clerk = officer({ agencyId: province.id, fullName: 'Bùi Văn Thư', roles: ['clerk'] });

let world: World;
let documentId: string;
let deliveryId: string;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, successor, alive);
  await world.appoint(clerk);
  const sent = await send(world.as(alive), plan([province]));
  documentId = sent.id;
  deliveryId = (await send(world.as(province), plan([alive]))).deliveryIds[0] ?? '';
  await world.announce(gone);
});
afterAll(() => world.stop());

/** Every call that changes something. */
const changes: [string, (client: AgencyClient) => Promise<unknown>][] = [
  ['IssueDocument', (client) => client.routing.issueDocument(plan([province]))],
  ['RecallDocument', (client) => client.routing.recallDocument({ documentId, reason: 'gửi nhầm' })],
  ['ReportStatus', (client) => client.routing.reportStatus({ deliveryId, status: DeliveryStatus.ARRIVED })],
  [
    'SetNumberSeries',
    (client) =>
      client.routing.setNumberSeries({ year: 2026, notation: 'KH-UBND', nextNumber: 900, reason: 'sổ giấy' }),
  ],
  ['UploadAttachment', (client) => client.uploadAttachment(Buffer.from(randomUUID()))],
];

test.each(changes)(
  '%s by an agency that has ended is refused, and names the successor',
  async (_, change) => {
    const error = await change(world.as(gone)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      reason: 'AGENCY_ENDED',
      metadata: { ended_on: '2026-01-10', successor_id: successor.id },
      message: expect.stringContaining('Xã Mới'),
    });
  },
);

test('an agency that has ended still reads its past', async () => {
  expect((await world.as(gone).routing.getDocument({ documentId })).document?.id).toBe(documentId);
  expect(await all(world.as(gone).outbox())).toHaveLength(1);
});

test.each(changes)('%s by an officer who is relieved is refused', async (_, change) => {
  const relieved = officer({ agencyId: successor.id, fullName: 'Trần Thị Nghỉ', roles: ['clerk'] });
  await world.appoint(relieved);
  await world.relieve(relieved, '2026-01-15');
  expect(await refusalOf(change(world.as(successor, 'clerk', relieved.id)))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'OFFICER_NOT_IN_POSITION',
  });
});

test('an officer acts for the agency where they are in position, and for no other', async () => {
  await send(world.as(province, 'clerk', clerk.id), plan([successor]));
  const elsewhere = world.as(successor, 'clerk', clerk.id).routing.issueDocument(plan([province]));
  expect(await refusalOf(elsewhere)).toMatchObject({ reason: 'OFFICER_NOT_IN_POSITION' });
});
