import { DeliveryStatus, StatusEntry } from '@lienthong/contracts/routing';
import type { StatusPackage } from '@lienthong/edxml';
import { expect, test } from 'vitest';
import { planReports } from '../src/domain/status.ts';

const NOW = new Date('2026-01-15T03:00:00Z');

const status = (statusCode: number, more: Partial<StatusPackage> = {}): StatusPackage => ({
  kind: 'status',
  from: {
    organId: 'H61.SKHDT',
    organizationInCharge: '',
    organName: '',
    organAdd: '',
    email: '',
    telephone: '',
    fax: '',
    website: '',
  },
  responseFor: {
    organId: 'H61',
    code: { codeNumber: '12', codeNotation: 'KH-UBND' },
    promulgationDate: '2026-01-14',
    documentId: 'x',
  },
  staffInfo: { department: '', staff: 'Trần Thị B', email: '', mobile: '' },
  statusCode,
  description: 'lý do',
  timestamp: '2026-01-15T09:00:00',
  signed: false,
  ...more,
});

const entry = (code: number, more: Partial<StatusEntry> = {}) =>
  StatusEntry.fromPartial({ status: code as DeliveryStatus, ...more });

/** What was reported before → what is reported now, with "late" for late news. */
function planned(before: readonly number[], code: number, more: Partial<StatusPackage> = {}) {
  const history = before.map((one) => entry(one));
  const { steps, leniencies } = planReports(
    status(code, more),
    { delivery: { pending: undefined }, history },
    NOW,
  );
  return {
    steps: steps.map((one) => (one.late ? `${one.status} late` : String(one.status))),
    reasons: leniencies.map(({ reason }) => reason),
    last: steps.at(-1),
  };
}

test.each([
  [[], 1, ['1'], []],
  [[], 2, ['2'], []],
  [[], 3, ['1', '3'], ['STATUS_SKIPPED']],
  [[], 6, ['1', '3', '6'], ['STATUS_SKIPPED']],
  [[1], 3, ['3'], []],
  [[1], 5, ['3', '5'], ['STATUS_SKIPPED']],
  [[1], 1, ['1 late'], ['STATUS_LATE']],
  [[1, 3], 6, ['6'], []],
  [[1, 3, 5], 4, ['4'], []],
  [[1, 3, 5], 3, ['3 late'], ['STATUS_LATE']],
  [[1, 3, 6], 5, ['5 late'], ['STATUS_LATE']],
  [[1, 3, 6], 6, ['6 late'], ['STATUS_LATE']],
  [[1, 2], 1, ['1 late'], ['STATUS_LATE']],
  [[1, 3, 6], 2, ['2'], []],
  [[1, 2], 3, ['3'], []],
  [[1, 3, 13, 16], 6, ['6'], []],
])('after %j the status %i is reported as %j', (before, code, steps, reasons) => {
  expect(planned(before, code)).toMatchObject({ steps, reasons });
});

test('a status has the time of its system, unless that is in the future', () => {
  expect(planned([], 1).last?.happenedAt).toEqual(new Date('2026-01-15T02:00:00Z'));
  const future = planned([], 1, { timestamp: '2026-01-15T11:00:00' });
  expect(future).toMatchObject({ reasons: ['TIME_IN_FUTURE'], last: { happenedAt: undefined } });
});

test('the same news again changes nothing', () => {
  const history = [entry(1, { happenedAt: new Date('2026-01-15T02:00:00Z') })];
  const plan = planReports(status(1), { delivery: { pending: undefined }, history }, NOW);
  expect(plan).toMatchObject({ steps: [], leniencies: [{ reason: 'STATUS_REPEATED' }] });
});

test('the answer to a recall is reported as it is', () => {
  const history = [entry(1), entry(3), entry(13)];
  const pending = { kind: 1 as const, documentId: '', reason: 'nhầm' };
  const plan = planReports(status(15), { delivery: { pending }, history }, NOW);
  expect(plan.steps.map((one) => one.status)).toEqual([DeliveryStatus.RECALL_AGREED]);
});

test('a reason and an assignee that the platform requires are made up, and say so', () => {
  expect(planned([], 2, { description: '' })).toMatchObject({
    reasons: ['REASON_MISSING'],
    last: { reason: '(gói tin không nêu lý do)' },
  });
  expect(planned([1, 3], 4, { staffInfo: undefined }).reasons).toEqual(['ASSIGNEE_MISSING']);
  expect(planned([1, 3], 4).last?.assignee).toBe('Trần Thị B');
});
