import { randomUUID } from 'node:crypto';
import { BusinessKind, ChangeKind, DeliveryState, DeliveryStatus } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { all, fieldRefused, openWorld, plan, say, send, type World } from './support/world.ts';

const S = DeliveryStatus;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const first = agency({ code: 'H61.1', name: 'Xã Một' });
const second = agency({ code: 'H61.2', name: 'Xã Hai' });
const third = agency({ code: 'H61.3', name: 'Xã Ba' });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, first, second, third);
});
afterAll(() => world.stop());

const read = async (deliveryId: string | undefined, reader = province) =>
  world.as(reader).routing.getDelivery({ deliveryId });
const recall = (documentId: string, more: object = {}, caller = province) =>
  world
    .as(caller)
    .routing.recallDocument({ requestId: randomUUID(), documentId, reason: 'gửi nhầm', ...more });
const report = (deliveryId: string | undefined, more: object, caller = first) =>
  world.as(caller).routing.reportStatus({ requestId: randomUUID(), deliveryId, ...more });

describe('statuses', () => {
  test('are told with reason and officer, and every one stays', async () => {
    const { deliveryIds } = await send(world.as(province), plan([first]));
    await say(world.as(first), deliveryIds[0], S.ARRIVED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.DONE);
    const { delivery, document, history } = await read(deliveryIds[0]);
    expect(delivery).toMatchObject({
      status: S.DONE,
      state: DeliveryState.DONE,
      version: 6n,
      statusAt: world.clock.now(),
    });
    expect(document?.subject).toContain('cải cách hành chính');
    expect(history.map((one) => [one.status, one.assignee])).toEqual([
      [S.ARRIVED, ''],
      [S.ACCEPTED, ''],
      [S.ASSIGNED, 'Trần Thị B'],
      [S.IN_PROGRESS, ''],
      [S.DONE, ''],
    ]);
    expect(history[0]).toMatchObject({
      actor: { agencyId: first.id, officerId: 'văn thư' },
      agencyName: 'Xã Một',
    });
  });

  test('have the time of the recipient’s system, and late news stays beside them', async () => {
    const { deliveryIds } = await send(world.as(province), plan([first]));
    const [id] = deliveryIds;
    await say(world.as(first), id, S.ARRIVED, S.ACCEPTED);
    const at = (hour: number) => new Date(`2026-01-15T0${hour}:00:00+07:00`);
    await report(id, { status: S.DONE, happenedAt: at(7) });
    const { delivery: noted } = await report(id, { status: S.IN_PROGRESS, happenedAt: at(6), late: true });
    expect(noted).toMatchObject({ status: S.DONE, state: DeliveryState.DONE, version: 5n });
    const { history } = await read(id);
    expect(history.slice(2)).toMatchObject([
      { status: S.DONE, happenedAt: at(7), late: false },
      { status: S.IN_PROGRESS, happenedAt: at(6), late: true },
    ]);
    expect(await refusalOf(report(id, { status: S.REFUSED, reason: 'x', late: true }))).toEqual(
      fieldRefused('late', 'STATUS_NOT_LATE', 'FAILED_PRECONDITION'),
    );
    expect(await refusalOf(report(id, { status: S.DONE, happenedAt: at(9), late: true }))).toEqual(
      fieldRefused('happened_at', 'TIME_IN_FUTURE'),
    );
  });

  test('a refusal sends the document back', async () => {
    const { deliveryIds } = await send(world.as(province), plan([first]));
    await say(world.as(first), deliveryIds[0], S.ARRIVED, S.REFUSED);
    const { delivery, history } = await read(deliveryIds[0]);
    expect(delivery).toMatchObject({ status: S.REFUSED, state: DeliveryState.REFUSED });
    expect(history[1]?.reason).toBe('không đúng thẩm quyền');
  });

  test('out of order are refused with what may follow', async () => {
    const { deliveryIds } = await send(world.as(province), plan([first]));
    expect(await refusalOf(report(deliveryIds[0], { status: S.DONE }))).toEqual({
      code: 'FAILED_PRECONDITION',
      reason: 'STATUS_NOT_ALLOWED',
      violations: ['status STATUS_NOT_ALLOWED'],
    });
    await say(world.as(first), deliveryIds[0], S.ARRIVED);
    expect(await refusalOf(report(deliveryIds[0], { status: S.ARRIVED }))).toMatchObject({
      reason: 'STATUS_NOT_ALLOWED',
    });
    expect(await refusalOf(report(deliveryIds[0], { status: S.RECALL_AGREED }))).toMatchObject({
      reason: 'STATUS_NOT_ALLOWED',
    });
  });

  test.each([
    ['13', { status: S.RECALL_REQUESTED }, 'status', 'STATUS_NOT_REPORTABLE'],
    ['none', { status: S.UNSPECIFIED }, 'status', 'ENUM_INVALID'],
    ['an unknown one', { status: 99 }, 'status', 'ENUM_INVALID'],
    ['02 without reason', { status: S.REFUSED }, 'reason', 'FIELD_REQUIRED'],
    ['16 without reason', { status: S.RECALL_REFUSED }, 'reason', 'FIELD_REQUIRED'],
    ['04 without assignee', { status: S.ASSIGNED }, 'assignee', 'FIELD_REQUIRED'],
    ['a long reason', { status: S.REFUSED, reason: 'x'.repeat(501) }, 'reason', 'FIELD_TOO_LONG'],
  ])('%s is refused', async (_, more, field, reason) => {
    expect(await refusalOf(report(randomUUID(), more))).toEqual(fieldRefused(field, reason));
  });

  test("are the recipient's to report", async () => {
    const { deliveryIds } = await send(world.as(province), plan([first, second]));
    const arrived = { status: S.ARRIVED };
    expect(await refusalOf(report(deliveryIds[0], arrived, province))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'NOT_THE_RECIPIENT',
    });
    expect(await refusalOf(report(deliveryIds[0], arrived, second))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(report(deliveryIds[0], arrived, third))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(report(randomUUID(), arrived))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'DELIVERY_NOT_FOUND',
    });
  });

  test('said twice at once by two officers count once', async () => {
    const { deliveryIds } = await send(world.as(province), plan([first]));
    const twice = await Promise.allSettled([
      report(deliveryIds[0], { status: S.ARRIVED }),
      report(deliveryIds[0], { status: S.ARRIVED }),
    ]);
    expect(twice.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await read(deliveryIds[0])).history).toHaveLength(1);
  });
});

describe('recall', () => {
  test('before arrival is local: the recipient never sees the document', async () => {
    const { id, deliveryIds } = await send(world.as(province), plan([first]));
    expect(await recall(id)).toEqual({ recalled: 1, requested: 0 });
    const { delivery, history } = await read(deliveryIds[0]);
    expect(delivery).toMatchObject({ state: DeliveryState.RECALLED, status: S.UNSPECIFIED });
    expect(history).toMatchObject([{ status: S.UNSPECIFIED, reason: 'gửi nhầm' }]);
    expect(await refusalOf(read(deliveryIds[0], first))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(world.as(first).routing.getDocument({ documentId: id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await all(world.as(first).inbox())).map((one) => one.document?.id)).not.toContain(id);
    const outbox = await all(world.as(province).outbox());
    expect(outbox.find((one) => one.document?.id === id)).toMatchObject({ counts: [], withdrawn: 1 });
  });

  test('after arrival waits for the recipient; once agreed the content is not theirs to read', async () => {
    const { id, deliveryIds } = await send(world.as(province), plan([first, second]));
    await say(world.as(first), deliveryIds[0], S.ARRIVED, S.ACCEPTED);
    expect(await recall(id)).toEqual({ recalled: 1, requested: 1 });
    expect((await read(deliveryIds[0], first)).delivery).toMatchObject({
      status: S.RECALL_REQUESTED,
      state: DeliveryState.OPEN,
      pending: { kind: ChangeKind.RECALL, reason: 'gửi nhầm' },
    });
    expect(await refusalOf(report(deliveryIds[0], { status: S.DONE }))).toMatchObject({
      reason: 'CHANGE_PENDING',
    });
    expect(await refusalOf(recall(id))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CHANGE_PENDING',
    });
    await world.as(first).routing.getDocument({ documentId: id });
    await say(world.as(first), deliveryIds[0], S.RECALL_AGREED);
    const { delivery, history } = await read(deliveryIds[0], first);
    expect(delivery).toMatchObject({
      status: S.RECALL_AGREED,
      state: DeliveryState.RECALLED,
      pending: undefined,
    });
    expect(history.map((one) => one.status)).toEqual([
      S.ARRIVED,
      S.ACCEPTED,
      S.RECALL_REQUESTED,
      S.RECALL_AGREED,
    ]);
    expect(history[2]).toMatchObject({ actor: { agencyId: province.id }, reason: 'gửi nhầm' });
    expect(await refusalOf(world.as(first).routing.getDocument({ documentId: id }))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'DOCUMENT_RECALLED',
    });
    expect(await refusalOf(recall(id))).toMatchObject({ reason: 'NOTHING_TO_RECALL' });
  });

  test('refused: the work goes on from where it was', async () => {
    const { id, deliveryIds } = await send(world.as(province), plan([first]));
    await say(world.as(first), deliveryIds[0], S.ARRIVED, S.ACCEPTED);
    await recall(id);
    await say(world.as(first), deliveryIds[0], S.RECALL_REFUSED);
    expect((await read(deliveryIds[0])).delivery).toMatchObject({
      status: S.RECALL_REFUSED,
      state: DeliveryState.OPEN,
    });
    await say(world.as(first), deliveryIds[0], S.DONE);
    expect((await read(deliveryIds[0])).delivery?.state).toBe(DeliveryState.DONE);
  });

  test("is the sender's, of those it was addressed to", async () => {
    const { id } = await send(world.as(province), plan([first, second]));
    expect(await refusalOf(recall(id, {}, first))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'NOT_THE_SENDER',
    });
    expect(await refusalOf(recall(id, { reason: ' ' }))).toEqual(fieldRefused('reason', 'FIELD_REQUIRED'));
    expect(await refusalOf(recall(id, { recipientIds: [first.id, third.id] }))).toEqual(
      fieldRefused('recipient_ids[1]', 'NOT_A_RECIPIENT'),
    );
    expect(await recall(id, { recipientIds: [second.id] })).toEqual({ recalled: 1, requested: 0 });
  });
});

describe('a newer document', () => {
  test.each([
    ['revokes', BusinessKind.REVOKE, ChangeKind.RECALL, DeliveryState.RECALLED],
    ['updates', BusinessKind.UPDATE, ChangeKind.UPDATE, DeliveryState.OPEN],
    ['replaces', BusinessKind.REPLACE, ChangeKind.REPLACE, DeliveryState.REPLACED],
  ])('%s the earlier one', async (_, businessKind, kind, state) => {
    const earlier = await send(world.as(province), plan([first, second, third]));
    await say(world.as(first), earlier.deliveryIds[0], S.ARRIVED, S.ACCEPTED);
    const newer = await send(
      world.as(province),
      plan([first, second], { businessKind, refersToId: earlier.id, businessReason: 'sai thể thức' }),
    );
    const supersededById = businessKind === BusinessKind.REVOKE ? '' : newer.id;
    expect((await read(earlier.deliveryIds[0])).delivery?.pending).toEqual({
      kind,
      documentId: newer.id,
      reason: 'sai thể thức',
    });
    expect((await read(earlier.deliveryIds[1])).delivery).toMatchObject({
      state,
      supersededById,
      pending: undefined,
    });
    expect((await read(earlier.deliveryIds[2])).delivery).toMatchObject({
      state: DeliveryState.OPEN,
      supersededById: '',
    });
    await say(world.as(first), earlier.deliveryIds[0], S.RECALL_AGREED);
    expect((await read(earlier.deliveryIds[0])).delivery).toMatchObject({
      state,
      supersededById,
      status: S.RECALL_AGREED,
    });
    expect((await all(world.as(second).inbox())).map((one) => one.document?.id)).toContain(newer.id);
  });
});
