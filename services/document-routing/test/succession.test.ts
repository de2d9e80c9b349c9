import { randomUUID } from 'node:crypto';
import { DeliveryState, DeliveryStatus, SteeringType } from '@lienthong/contracts/routing';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { all, openWorld, plan, say, send, type World } from './support/world.ts';

const S = DeliveryStatus;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const oldOne = agency({ code: 'H61.1', name: 'Xã Cũ Một' });
const oldTwo = agency({ code: 'H61.2', name: 'Xã Cũ Hai' });
const newer = agency({ code: 'H61.1', name: 'Xã Mới', establishedOn: '2026-07-01' });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, oldOne, oldTwo, newer);
});
afterAll(() => world.stop());

const inboxOf = async (who: typeof newer) =>
  (await all(world.as(who).inbox())).map(({ delivery }) => ({
    id: delivery?.id,
    holder: delivery?.holder?.name,
    addressedTo: delivery?.addressedTo?.name,
    state: delivery?.state,
  }));

test('a reorganisation moves what is open to the successor, once its day has come, and rewrites nothing', async () => {
  const open = await send(world.as(province), plan([oldOne, oldTwo]));
  const pending = await send(world.as(province), plan([oldOne]));
  const done = await send(world.as(province), plan([oldOne]));
  await say(world.as(oldOne), open.deliveryIds[0], S.ARRIVED, S.ACCEPTED);
  await say(world.as(oldOne), pending.deliveryIds[0], S.ARRIVED, S.ACCEPTED, S.DONE);
  await world
    .as(province)
    .routing.recallDocument({ requestId: randomUUID(), documentId: pending.id, reason: 'nhầm' });
  await say(world.as(oldOne), done.deliveryIds[0], S.ARRIVED, S.ACCEPTED, S.DONE);
  const directive = await send(
    world.as(province),
    plan([oldTwo], { steering: SteeringType.DIRECTIVE, dueOn: '2026-12-31' }),
  );
  const own = await send(world.as(oldTwo), plan([province]));

  // Announced in January for July.
  await world.announce(
    ended(oldOne, '2026-07-01', newer.id, 'NQ 1687'),
    ended(oldTwo, '2026-07-01', newer.id, 'NQ 1687'),
  );
  await say(world.as(oldTwo), open.deliveryIds[1], S.ARRIVED);
  expect(await inboxOf(newer)).toEqual([]);

  // 1 July begins in Vietnam.
  world.clock.set('2026-06-30T17:00:00Z');
  await vi.waitFor(async () => {
    const [row] = await world.db.query<{ n: number }>({
      text: 'select count(*) as n from delivery where holder_id = $1',
      values: [newer.id],
    });
    expect(row?.n).toBe(4);
  }, 20_000);

  const inbox = await inboxOf(newer);
  expect(inbox.find((one) => one.id === open.deliveryIds[0])).toMatchObject({
    holder: 'Xã Mới',
    addressedTo: 'Xã Cũ Một',
  });
  // What was finished stays under the old name, and its successor sees it there.
  expect(inbox.find((one) => one.id === done.deliveryIds[0])).toMatchObject({
    holder: 'Xã Cũ Một',
    state: DeliveryState.DONE,
  });
  expect(inbox).toHaveLength(5);

  const { delivery, history } = await world
    .as(newer)
    .routing.getDelivery({ deliveryId: open.deliveryIds[0] });
  expect(delivery).toMatchObject({
    status: S.ACCEPTED,
    addressedTo: { name: 'Xã Cũ Một', code: 'H61.1' },
    holder: { name: 'Xã Mới' },
  });
  expect(history.map((one) => [one.status, one.agencyName])).toEqual([
    [S.ARRIVED, 'Xã Cũ Một'],
    [S.ACCEPTED, 'Xã Cũ Một'],
    [S.UNSPECIFIED, ''],
  ]);
  expect(history[2]?.reroute).toMatchObject({
    from: { name: 'Xã Cũ Một' },
    to: { name: 'Xã Mới' },
    effectiveOn: '2026-07-01',
    legalBasis: 'NQ 1687',
  });

  // The successor goes on, answers what was asked, and speaks for its predecessors' own documents.
  await say(world.as(newer), open.deliveryIds[0], S.IN_PROGRESS);
  await say(world.as(newer), pending.deliveryIds[0], S.RECALL_AGREED);
  await send(
    world.as(newer),
    plan([province], {
      steering: SteeringType.REPORT,
      respondsToId: directive.id,
      notation: 'BC-UBND',
      type: 'BC',
    }),
  );
  expect((await world.as(province).routing.listDirectiveAnswers({ documentId: directive.id })).onTime).toBe(
    1,
  );
  expect((await all(world.as(newer).outbox())).map((one) => one.document?.id)).toContain(own.id);
  expect(
    await world
      .as(newer)
      .routing.recallDocument({ requestId: randomUUID(), documentId: own.id, reason: 'nhầm' }),
  ).toEqual({
    recalled: 1,
    requested: 0,
  });

  // The old agency may read, but not speak.
  await world.as(oldOne).routing.getDocument({ documentId: open.id });
  const speaks = world
    .as(oldOne)
    .routing.reportStatus({ requestId: randomUUID(), deliveryId: open.deliveryIds[0], status: S.DONE });
  expect(await refusalOf(speaks)).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'AGENCY_ENDED' });

  // Exactly once: each moved delivery has one such event.
  const moved = await world.db.query<{ n: number }>({
    text: `select count(*) as n from event where type = 'lienthong.routing.v1.DeliveryRerouted' group by aggregate_id`,
  });
  expect(moved).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }, { n: 1 }]);
});

test('a late document to an ended agency reaches its successor and shows both names', async () => {
  world.clock.set('2026-07-05T01:00:00Z');
  const late = await send(
    world.as(province),
    plan([], {
      promulgatedOn: '2026-06-20',
      recipients: [
        { recipient: { $case: 'code', value: { code: 'H61.1' } } },
        { recipient: { $case: 'code', value: { code: 'H61.2' } } },
        { recipient: { $case: 'code', value: { code: 'H61.1' } }, asOf: '2026-07-01' },
      ],
    }),
  );
  const deliveries = await all(world.as(newer).deliveries({ documentId: late.id }));
  expect(deliveries.map((one) => [one.addressedTo?.name, one.holder?.name]).sort()).toEqual([
    ['Xã Cũ Hai', 'Xã Mới'],
    ['Xã Cũ Một', 'Xã Mới'],
    ['Xã Mới', 'Xã Mới'],
  ]);
});

test('more deliveries than one batch move, all of them once', async () => {
  world.clock.set('2026-07-05T01:00:00Z');
  const busy = agency({ code: 'H61.B', name: 'Sở Bận' });
  const heir = agency({ code: 'H61.H', name: 'Sở Kế' });
  const senders = Array.from({ length: 25 }, (_, i) => agency({ code: `H61.S${i}`, name: `Đơn vị ${i}` }));
  await world.announce(busy, heir, ...senders);
  await Promise.all(
    senders.flatMap((sender) => Array.from({ length: 50 }, () => send(world.as(sender), plan([busy])))),
  );
  await world.announce(ended(busy, '2026-07-01', heir.id));
  await vi.waitFor(async () => {
    const rows = await world.db.query<{ holder: string; n: number }>({
      text: `select holder_id as holder, count(*) as n from delivery where addressed_to_id = $1 group by holder_id`,
      values: [busy.id],
    });
    expect(rows).toEqual([{ holder: heir.id, n: 1250 }]);
  }, 30_000);
  const [events] = await world.db.query<{ n: number; deliveries: number }>({
    text: `select count(*) as n, count(distinct aggregate_id) as deliveries from event
            where type = 'lienthong.routing.v1.DeliveryRerouted' and agency_id = $1`,
    values: [heir.id],
  });
  expect(events).toEqual({ n: 1250, deliveries: 1250 });
});

test('operators see the open deliveries of an agency that has ended without a successor', async () => {
  const alone = agency({ code: 'H61.4', name: 'Xã Bốn' });
  await world.announce(alone);
  await send(world.as(province), plan([alone]));
  const done = await send(world.as(province), plan([alone]));
  await say(world.as(alone), done.deliveryIds[0], S.ARRIVED, S.ACCEPTED, S.DONE);
  const { agencies } = await world.admin.documentOperations.countOpenDeliveries({
    agencyIds: [alone.id, province.id],
  });
  expect(agencies.find(({ agencyId }) => agencyId === alone.id)).toMatchObject({ deliveries: 1n });
  const stranded = async () => (await world.admin.documentOperations.listStrandedDeliveries({})).agencies;
  expect(await stranded()).toEqual([]);
  await world.announce(ended(alone, '2026-07-01'));
  expect(await stranded()).toEqual([{ agencyId: alone.id, deliveries: 1n, oldestSentAt: expect.any(Date) }]);
  const { documentOperations } = world.as(province);
  expect(await refusalOf(documentOperations.listStrandedDeliveries({}))).toMatchObject({
    reason: 'ROLE_MISSING',
  });
  expect(await refusalOf(documentOperations.countOpenDeliveries({ agencyIds: [alone.id] }))).toMatchObject({
    reason: 'ROLE_MISSING',
  });
});
