import {
  ChangeKind,
  DeliveryState,
  DeliveryStatus,
  type PendingChange,
  SignatureState,
} from '@lienthong/contracts/routing';
import { describe, expect, test } from 'vitest';
import { allowedReports, change, isChangeable, noteLate, report } from './delivery.ts';
import { patchOf } from './delivery-change.ts';
import type { DeliveryRecord } from './delivery-record.ts';

const S = DeliveryStatus;
const AT = new Date('2026-01-15T01:00:00Z');
const party = (name: string) => ({ agencyId: name, name, code: name });

const sent: DeliveryRecord = {
  id: 'delivery',
  documentId: 'document',
  addressedTo: party('xã'),
  holder: party('xã'),
  sender: party('tỉnh'),
  state: DeliveryState.OPEN,
  status: S.UNSPECIFIED,
  workStatus: S.UNSPECIFIED,
  pending: undefined,
  sentAt: AT,
  statusAt: undefined,
  answeredById: '',
  answeredAt: undefined,
  supersededById: '',
  withdrawn: false,
  signatureState: SignatureState.UNSPECIFIED,
  version: 1,
};

/** The delivery after reports and, for 13, the sender's request. */
function after(codes: readonly number[], kind: ChangeKind = ChangeKind.RECALL): DeliveryRecord {
  let delivery = sent;
  for (const code of codes) {
    const result =
      code === 13
        ? { ok: true as const, value: change(delivery, asked(kind), AT, 'tỉnh') }
        : report(delivery, said(code), AT, 'xã');
    if (!result.ok) throw new Error(`${code} refused after ${codes}`);
    delivery = { ...delivery, ...patchOf(result.value) };
  }
  return delivery;
}

const said = (code: number) => ({
  status: code as DeliveryStatus,
  reason: 'lý do',
  assignee: 'chuyên viên',
  happenedAt: undefined,
});
const asked = (kind: ChangeKind): PendingChange => ({ kind, documentId: 'newer', reason: 'nhầm' });

// From a status (reached by the shortest way) to those that may follow it; every other pair is refused.
const TABLE: readonly [name: string, way: readonly number[], allowed: readonly number[]][] = [
  ['nothing said', [], [1, 2]],
  ['01', [1], [2, 3]],
  ['02', [2], []],
  ['02 after 01', [1, 2], []],
  ['03', [1, 3], [4, 5, 6]],
  ['04', [1, 3, 4], [4, 5, 6]],
  ['05', [1, 3, 5], [4, 5, 6]],
  ['06', [1, 3, 6], []],
  ['13 in 01', [1, 13], [15, 16]],
  ['13 in 03', [1, 3, 13], [15, 16]],
  ['13 in 04', [1, 3, 4, 13], [15, 16]],
  ['13 in 05', [1, 3, 5, 13], [15, 16]],
  ['13 in 06', [1, 3, 6, 13], [15, 16]],
  ['15 of a recall', [1, 3, 13, 15], []],
  ['16 in 01', [1, 13, 16], [2, 3]],
  ['16 in 03', [1, 3, 13, 16], [4, 5, 6]],
  ['16 in 04', [1, 3, 4, 13, 16], [4, 5, 6]],
  ['16 in 05', [1, 3, 5, 13, 16], [4, 5, 6]],
  ['16 in 06', [1, 3, 6, 13, 16], []],
];
const ALL = [0, 1, 2, 3, 4, 5, 6, 13, 15, 16];

describe.each(TABLE)('after %s', (_, way, allowed) => {
  test.each(ALL)('%i', (code) => {
    const delivery = after(way);
    const result = report(delivery, said(code), AT, 'xã');
    expect(result.ok).toBe(allowed.includes(code));
    if (result.ok) return;
    expect(result.refusal.kind).toBe('failed-precondition');
    expect(result.refusal.reason).toBe(delivery.pending ? 'CHANGE_PENDING' : 'STATUS_NOT_ALLOWED');
    expect(result.refusal.violations?.[0]?.field).toBe('status');
  });

  test('what may follow is told', () => {
    expect(allowedReports(after(way))).toEqual(allowed);
  });
});

test('a status shows at once; the work goes on from where it was after 16', () => {
  const refusedChange = after([1, 3, 4, 13, 16]);
  expect(refusedChange).toMatchObject({
    status: S.RECALL_REFUSED,
    workStatus: S.ASSIGNED,
    pending: undefined,
  });
  expect(refusedChange.state).toBe(DeliveryState.OPEN);
  expect(after([1, 3, 6, 13, 16]).state).toBe(DeliveryState.DONE);
  expect(after([1, 2]).state).toBe(DeliveryState.REFUSED);
});

test.each([
  [ChangeKind.RECALL, DeliveryState.RECALLED, ''],
  [ChangeKind.UPDATE, DeliveryState.OPEN, 'newer'],
  [ChangeKind.REPLACE, DeliveryState.REPLACED, 'newer'],
])('15 to change kind %i', (kind, state, supersededById) => {
  const agreed = after([1, 3, 13, 15], kind);
  expect(agreed).toMatchObject({ state, supersededById, status: S.RECALL_AGREED, withdrawn: false });
  expect(allowedReports(agreed)).toEqual(kind === ChangeKind.UPDATE ? [4, 5, 6] : []);
  expect(isChangeable(agreed)).toBe(kind === ChangeKind.UPDATE);
});

test.each([
  [ChangeKind.RECALL, DeliveryState.RECALLED, '', true],
  [ChangeKind.UPDATE, DeliveryState.OPEN, 'newer', false],
  [ChangeKind.REPLACE, DeliveryState.REPLACED, 'newer', true],
])('change kind %i before arrival needs no 13', (kind, state, supersededById, withdrawn) => {
  const changed = after([13], kind);
  expect(changed).toMatchObject({
    state,
    supersededById,
    withdrawn,
    status: S.UNSPECIFIED,
    pending: undefined,
  });
  expect(allowedReports(changed)).toEqual(kind === ChangeKind.UPDATE ? [1, 2] : []);
});

test.each([
  ['nothing said', [], true],
  ['01', [1], true],
  ['02', [1, 2], false],
  ['03', [1, 3], true],
  ['06', [1, 3, 6], true],
  ['13 pending', [1, 13], false],
  ['15', [1, 13, 15], false],
  ['16', [1, 13, 16], true],
])('the sender may ask for a change after %s: %s', (_, way, may) => {
  expect(isChangeable(after(way))).toBe(may);
});

describe('late news', () => {
  const noted = (way: readonly number[], code: number) => noteLate(after(way), said(code), AT, 'xã');

  test.each([
    [
      [1, 3, 6],
      [1, 3, 4, 5, 6],
    ],
    [
      [1, 3, 4],
      [1, 3, 4],
    ],
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, 3, 13],
      [1, 3],
    ],
    [[], []],
  ])('after %j it may be of %j alone', (way, allowed) => {
    const codes = [1, 2, 3, 4, 5, 6, 13, 15, 16].filter((code) => noted(way, code).ok);
    expect(codes).toEqual(allowed);
  });

  test('changes nothing but the version', () => {
    const result = noted([1, 3, 6], 5);
    if (!result.ok) throw new Error('refused');
    expect(patchOf(result.value)).toEqual({ version: after([1, 3, 6]).version + 1 });
  });
});
