import {
  DeliveryState,
  DeliveryStatus,
  deliveryStatusToJSON,
  PendingChange,
  StatusEntry,
} from '@lienthong/contracts/routing';
import { expect, test } from 'vitest';
import { after, COUNTERPARTS, type Counterpart, nextReply, workStatus } from './script.ts';

const sentAt = new Date('2026-01-15T01:00:00Z');
const counterpart = (suffix: string) => COUNTERPARTS.find((one) => one.suffix === suffix) as Counterpart;
const standing = (status: DeliveryStatus, more: object = {}) => ({
  ...{ state: DeliveryState.OPEN, status, sentAt, pending: undefined },
  ...more,
});

/** The statuses that come one after the other at a moment. */
function reportedAt(suffix: string, minutes: number): string[] {
  const reported: string[] = [];
  let status: DeliveryStatus = DeliveryStatus.UNSPECIFIED;
  for (;;) {
    const next = nextReply(counterpart(suffix), standing(status));
    if (next === undefined || next.at > after(sentAt, minutes)) return reported;
    status = next.reply.status;
    reported.push(deliveryStatusToJSON(status).replace('DELIVERY_STATUS_', ''));
  }
}

test('replies come in their order, each when its time has come', () => {
  expect(reportedAt('YTE', 0)).toEqual(['ARRIVED']);
  expect(reportedAt('YTE', 4)).toEqual(['ARRIVED']);
  expect(reportedAt('YTE', 5)).toEqual(['ARRIVED', 'ACCEPTED']);
  expect(reportedAt('YTE', 480)).toEqual(['ARRIVED', 'ACCEPTED', 'ASSIGNED', 'IN_PROGRESS', 'DONE']);
  expect(reportedAt('VHTTDL', 15)).toEqual(['ARRIVED', 'REFUSED']);
  expect(reportedAt('NNMT', 2 * 1440)).toEqual(['ARRIVED', 'ACCEPTED']);
  expect(reportedAt('CT', 1_000_000)).toEqual([]);
});

test('a change is answered before anything else, or waits for ever; what has ended is left alone', () => {
  const pending = PendingChange.fromPartial({});
  const asked = standing(DeliveryStatus.ARRIVED, { pending });
  expect(nextReply(counterpart('YTE'), asked)?.reply.status).toBe(DeliveryStatus.RECALL_AGREED);
  expect(nextReply(counterpart('NNMT'), asked)?.reply).toMatchObject({
    status: DeliveryStatus.RECALL_REFUSED,
    reason: expect.stringContaining('mô phỏng'),
  });
  expect(nextReply(counterpart('VHTTDL'), asked)).toBeUndefined();
  for (const state of [DeliveryState.RECALLED, DeliveryState.REFUSED, DeliveryState.DONE])
    expect(nextReply(counterpart('YTE'), standing(DeliveryStatus.ARRIVED, { state }))).toBeUndefined();
});

test('what is done is given back too; what was not given back goes on', () => {
  const pending = PendingChange.fromPartial({});
  const done = standing(DeliveryStatus.DONE, { state: DeliveryState.DONE, pending });
  expect(nextReply(counterpart('YTE'), done)?.reply.status).toBe(DeliveryStatus.RECALL_AGREED);
  const S = DeliveryStatus;
  const history = [S.ARRIVED, S.ACCEPTED, S.RECALL_REQUESTED, S.RECALL_REFUSED].map((status) =>
    StatusEntry.fromPartial({ status }),
  );
  expect(workStatus(history)).toBe(S.ACCEPTED);
  expect(workStatus([...history, StatusEntry.fromPartial({ status: S.ASSIGNED, late: true })])).toBe(
    S.ACCEPTED,
  );
  expect(workStatus([])).toBe(S.UNSPECIFIED);
  expect(nextReply(counterpart('NNMT'), standing(workStatus(history)))?.reply.status).toBe(S.DONE);
});

test('a refusal has its reason, an assignment its officer', () => {
  for (const { replies, toChange } of COUNTERPARTS)
    for (const { status, reason, assignee } of [...replies, ...(toChange ? [toChange] : [])]) {
      const refuses = status === DeliveryStatus.REFUSED || status === DeliveryStatus.RECALL_REFUSED;
      expect(reason !== undefined).toBe(refuses);
      expect(assignee !== undefined).toBe(status === DeliveryStatus.ASSIGNED);
    }
});
