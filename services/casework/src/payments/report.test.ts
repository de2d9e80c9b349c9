import { PaymentProblemKind } from '@lienthong/contracts/casework';
import { expect, test } from 'vitest';
import { PaymentState } from '../domain/dossier/state.ts';
import { type PaidReport, problemOf, readReport } from './report.ts';

const id = '01890000-0000-7000-8000-000000000001';
const paid = { id, status: 'paid', amount: 75_000, currency: 'VND', reference: 'FT123' };
const read = (report: object) => readReport(JSON.stringify(report));

test.each([
  [
    { id, status: 'pending' },
    { id, status: 'pending' },
  ],
  [
    { id, status: 'ended', reason: 'expired' },
    { id, status: 'ended' },
  ],
  [paid, { ...paid, amount: '75000' }],
  [
    { ...paid, amount: '75000.00' },
    { ...paid, amount: '75000.00' },
  ],
  [
    { ...paid, reference: 'FT\u0000\r\n12\ud800' },
    { ...paid, amount: '75000', reference: 'FT 12\ufffd' },
  ],
])('%j is read', (given, expected) => {
  expect(read(given)).toEqual(expected);
});

test.each([
  ['no JSON', '{"id":'],
  ['no object', 'null'],
  ['no id', JSON.stringify({ ...paid, id: undefined })],
  ['an id that is no UUID', JSON.stringify({ ...paid, id: '7' })],
  ['an unknown status', JSON.stringify({ id, status: 'done' })],
  ['paid without an amount', JSON.stringify({ ...paid, amount: undefined })],
  ['paid without a currency', JSON.stringify({ ...paid, currency: null })],
  ['paid without a reference', JSON.stringify({ ...paid, reference: ' ' })],
])('%s is not a report', (_, text) => {
  expect(readReport(text)).toBeUndefined();
});

const K = PaymentProblemKind;
test.each<
  [string, Partial<Record<'amount' | 'currency' | 'reference', unknown>>, number, number | undefined]
>([
  ['as requested', {}, PaymentState.OPEN, undefined],
  ['after it ended', {}, PaymentState.ENDED, undefined],
  ['repeated', {}, PaymentState.PAID, undefined],
  ['less', { amount: 74_999 }, PaymentState.OPEN, K.AMOUNT_DIFFERS],
  ['more', { amount: 75_001 }, PaymentState.OPEN, K.AMOUNT_DIFFERS],
  ['a part of a đồng', { amount: 75_000.5 }, PaymentState.OPEN, K.AMOUNT_DIFFERS],
  ['an amount with dots', { amount: '75.000' }, PaymentState.OPEN, K.AMOUNT_DIFFERS],
  ['the negative', { amount: -75_000 }, PaymentState.OPEN, K.AMOUNT_DIFFERS],
  ['another currency', { currency: 'USD' }, PaymentState.OPEN, K.CURRENCY_DIFFERS],
  ['twice', { reference: 'FT124' }, PaymentState.PAID, K.PAID_TWICE],
  ['twice, the first to be given back', { reference: 'FT124' }, PaymentState.SURPLUS, K.PAID_TWICE],
])('%s', (_, more, state, problem) => {
  const payment = { amountVnd: 75_000, state, reference: state === PaymentState.OPEN ? '' : 'FT123' };
  expect(problemOf(payment, read({ ...paid, ...more }) as PaidReport)).toBe(problem);
});
