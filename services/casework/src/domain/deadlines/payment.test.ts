import { DossierStatus } from '@lienthong/contracts/casework';
import { PLATFORM } from '@lienthong/kit';
import { sequence, step } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { names } from '../../../test/support/passing-time.ts';
import { procedure } from '../../../test/support/procedures.ts';
import { type Act, createScenario, type Scenario, SECRET } from '../../../test/support/scenario.ts';
import { PaymentState, type ProviderPayment } from '../dossier/state.ts';

const S = DossierStatus;
const HOUR = 3_600_000;
const oneStep = procedure(sequence('quy-trinh', step('xem')));

let at: Scenario;
const by = () => at.province.commune;
const act = (what: Act) => at.carryOut(by().head, what);
const request = (amountVnd = 75_000) => {
  act({ kind: 'request-payment', amountVnd, content: SECRET });
  return at.now;
};
const paymentOf = (requestedAt: number, more: Partial<ProviderPayment> = {}): ProviderPayment => ({
  id: 'p1',
  requestedAt,
  amountVnd: 75_000,
  provider: 'Cổng thanh toán',
  reference: SECRET,
  ...more,
});
const receive = (payment: ProviderPayment) => at.carryOut(PLATFORM, { kind: 'receive-payment', payment });

beforeEach(() => {
  at = createScenario([oneStep]);
  at.lodge(oneStep);
});

describe('a payment through the provider', () => {
  test('that is awaited: the dossier goes on, as when the one-stop unit records it', () => {
    const requestedAt = request();
    at.now += HOUR;
    const recorded = at.decide(by().clerk, { kind: 'record-payment', amountVnd: 75_000, receipt: SECRET });
    const { events, change } = receive(paymentOf(requestedAt));
    expect(names(events)).toEqual(['PaymentReceived']);
    expect(events[0]?.payload).toMatchObject({ amountVnd: 75_000n, provider: 'Cổng thanh toán' });
    expect(at.dossier).toMatchObject({
      status: S.ACCEPTED,
      pause: null,
      payments: [{ id: 'p1', amountVnd: 75_000, receipt: SECRET, provider: 'Cổng thanh toán', at: at.now }],
      surplusPayments: [],
    });
    if (!recorded.ok) throw new Error(recorded.refusal.reason);
    expect(at.dossier.dueAt).toBe(recorded.value.change.dossier.dueAt);
    expect(change.payment).toEqual({ id: 'p1', state: PaymentState.PAID, reference: SECRET });
  });

  test('that was received before is refused, awaited or not', () => {
    const again = { kind: 'receive-payment', payment: paymentOf(request()) } as const;
    receive(again.payment);
    expect(at.refusal(PLATFORM, again).reason).toBe('PAYMENT_RECEIVED_ALREADY');
    const late = { kind: 'receive-payment', payment: paymentOf(0, { id: 'p2' }) } as const;
    receive(late.payment);
    expect(at.refusal(PLATFORM, late).reason).toBe('PAYMENT_RECEIVED_ALREADY');
  });

  const ENDINGS: [string, () => void, number][] = [
    ['withdrawn', () => void act({ kind: 'withdraw', reason: SECRET }), S.WITHDRAWN],
    ['paid at the one-stop unit', () => record(), S.ACCEPTED],
    [
      'paid at the one-stop unit and stopped',
      () => {
        record();
        act({ kind: 'stop', reason: SECRET });
      },
      S.STOPPED,
    ],
    [
      'paid at the one-stop unit and finished',
      () => {
        record();
        at.complete('xem');
      },
      S.FINISHED,
    ],
    [
      'waiting for another payment',
      () => {
        record();
        at.now += HOUR;
        request();
      },
      S.PAYMENT_REQUESTED,
    ],
  ];
  const record = () => void act({ kind: 'record-payment', amountVnd: 75_000, receipt: 'BL-01' });

  test.each(ENDINGS)('of a dossier that was %s is kept to be given back', (_, end, status) => {
    const requestedAt = request();
    at.now += HOUR;
    end();
    const { dueAt, payments } = at.dossier;
    at.now += HOUR;
    const { events, change } = receive(paymentOf(requestedAt));
    expect(names(events)).toEqual(['SurplusPaymentReceived']);
    expect(events[0]?.payload).toMatchObject({
      amountVnd: 75_000n,
      officerId: by().head.id,
      agencyId: by().agency.id,
    });
    expect(at.dossier).toMatchObject({
      status,
      dueAt,
      payments,
      surplusPayments: [{ id: 'p1', at: at.now }],
    });
    expect(change.payment?.state).toBe(PaymentState.SURPLUS);
  });

  test('of another amount than requested is kept to be given back', () => {
    receive(paymentOf(request(75_000), { amountVnd: 70_000 }));
    expect(at.dossier).toMatchObject({ status: S.PAYMENT_REQUESTED, payments: [], surplusPayments: [{}] });
  });

  test('that is to be given back is reported to the officer who works on the dossier', () => {
    const { number: taskNumber } = at.task('xem');
    at.carryOut(by().officer, { kind: 'claim', taskNumber });
    const { events } = receive(paymentOf(0));
    expect(events[0]?.payload).toMatchObject({ officerId: by().officer.id });
  });
});

test('whatever else happens, each payment is received once', () => {
  const acts = fc.oneof(
    fc.record({ kind: fc.constant('receive-payment' as const), n: fc.nat(3) }),
    fc.constantFrom<Act>(
      { kind: 'request-payment', amountVnd: 75_000, content: SECRET },
      { kind: 'record-payment', amountVnd: 75_000, receipt: 'BL-01' },
      { kind: 'stop', reason: SECRET },
      { kind: 'resume' },
      { kind: 'withdraw', reason: SECRET },
    ),
  );
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 25 }), (all) => {
      at = createScenario([oneStep]);
      at.lodge(oneStep);
      const given = new Set<string>();
      const requests: number[] = [];
      for (const one of all) {
        at.now += HOUR;
        const isReport = 'n' in one;
        const payment = isReport ? paymentOf(requests[one.n] ?? 0, { id: `p${one.n}` }) : undefined;
        const what: Act = payment ? { kind: 'receive-payment', payment } : (one as Act);
        const by = payment ? PLATFORM : at.province.commune.head;
        const result = at.decide(by, what);
        if (payment) expect(result.ok).toBe(!given.has(payment.id));
        if (!result.ok) continue;
        at.carryOut(by, what);
        if (payment) given.add(payment.id);
        if (what.kind === 'request-payment') requests.push(at.now);
      }
      const { payments, surplusPayments } = at.dossier;
      const received = [...payments, ...surplusPayments].flatMap(({ id }) => id ?? []);
      expect(received.toSorted()).toEqual([...given].toSorted());
      const events = names(at.events).filter((name) => name.endsWith('PaymentReceived'));
      expect(events).toHaveLength(payments.length + surplusPayments.length);
    }),
  );
});
