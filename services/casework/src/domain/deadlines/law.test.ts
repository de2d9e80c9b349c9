import { DossierStatus, Urgency } from '@lienthong/contracts/casework';
import { sequence, step } from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import {
  type Act,
  completing,
  createScenario,
  DIGEST,
  type Scenario,
  SECRET,
  vn,
} from '../../../test/support/scenario.ts';

const building = fourSteps();

/** Lodged and accepted at 08:00 on Thursday, 15 January 2026: due at 17:00 on 12 February. */
function accepted(of = building): Scenario {
  const at = createScenario([of]);
  at.lodge(of);
  return at;
}
const clerk = (at: Scenario) => at.province.commune.clerk;
const reason = (at: Scenario, act: Act, by = clerk(at)) => at.refusal(by, act).reason;
const requestSupplement: Act = {
  kind: 'request-supplement',
  content: SECRET,
  reason: SECRET,
  contactPhone: SECRET,
};
const receive = (more: Partial<Extract<Act, { kind: 'receive-supplement' }>> = {}): Act => ({
  kind: 'receive-supplement',
  papers: [],
  data: {},
  ...more,
});
const extend = (dueAt: string): Act => ({ kind: 'extend', dueAt: vn(dueAt), reason: SECRET });

describe('a supplement', () => {
  test('may be requested up to the end of the third working day after receipt', () => {
    const at = accepted();
    at.now = vn('2026-01-20 17:00');
    expect(at.decide(clerk(at), requestSupplement).ok).toBe(true);
    at.now += 1;
    expect(at.refusal(clerk(at), requestSupplement)).toMatchObject({
      kind: 'failed-precondition',
      reason: 'SUPPLEMENT_TOO_LATE',
      metadata: { until: new Date(vn('2026-01-20 17:00')).toISOString() },
    });
  });

  test('counts from receipt by the holder, with the cutoff', () => {
    const at = accepted();
    at.now = vn('2026-01-23 15:01');
    at.complete('tiep-nhan');
    const { clerk: theirs } = at.province.land;
    at.now = vn('2026-01-29 17:00');
    expect(at.decide(theirs, requestSupplement).ok).toBe(true);
    at.now += 1;
    expect(at.refusal(theirs, requestSupplement).reason).toBe('SUPPLEMENT_TOO_LATE');
  });

  test('stops all clocks; when complete, the dossier and the leading step start from zero', () => {
    const at = accepted();
    at.now = vn('2026-01-16 10:00');
    at.carryOut(clerk(at), requestSupplement);
    expect(at.dossier).toMatchObject({
      status: DossierStatus.SUPPLEMENT_REQUESTED,
      dueAt: null,
      timerAt: null,
    });
    expect(at.dossier.acts.supplement?.content).toBe(SECRET);
    expect(reason(at, { ...completing(), taskNumber: 1 })).toBe('DOSSIER_PAUSED');
    at.now = vn('2026-01-26 15:30');
    at.carryOut(
      clerk(at),
      receive({ papers: [{ key: 'don', name: '', sha256: DIGEST, originals: 0, copies: 0 }] }),
    );
    // 20 days after Tuesday, 27 January, over Tết from 16 to 20 February.
    expect(at.dossier.dueAt).toBe(vn('2026-03-03 17:00'));
    expect(at.task('tiep-nhan').dueAt).toBe(vn('2026-01-28 17:00'));
    expect(at.dossier.papers).toHaveLength(3);
  });

  test('is requested once, and received once', () => {
    const at = accepted();
    at.carryOut(clerk(at), requestSupplement);
    expect(at.refusal(clerk(at), requestSupplement)).toMatchObject({
      reason: 'SUPPLEMENT_ALREADY_ASKED',
      message: expect.stringMatching(/^a supplement can be requested once, in full \(/),
    });
    at.carryOut(clerk(at), receive());
    expect(reason(at, requestSupplement)).toBe('SUPPLEMENT_ALREADY_ASKED');
    expect(reason(at, receive())).toBe('SUPPLEMENT_NOT_ASKED');
  });

  test('may be requested before acceptance; then the dossier is registered again', () => {
    const at = createScenario([building]);
    at.lodge(building, { accept: false });
    at.carryOut(clerk(at), requestSupplement);
    at.now = vn('2026-01-19 07:00');
    at.carryOut(clerk(at), receive());
    expect(at.dossier.status).toBe(DossierStatus.REGISTERED);
    // Eight working hours from the beginning of the day.
    expect(at.dossier.open[0]?.dueAt).toBe(vn('2026-01-19 17:00'));
  });

  test('that is wrong or incomplete is refused by field', () => {
    const at = accepted();
    at.carryOut(clerk(at), requestSupplement);
    const wrong = receive({
      papers: [{ key: 'la', name: '', sha256: DIGEST, originals: 0, copies: 0 }],
      data: { floors: 'hai' },
    });
    expect(at.refusal(clerk(at), wrong).violations?.map(({ field }) => field)).toEqual([
      'papers[0].key',
      'data.floors',
    ]);
  });

  test('is requested by the holder and received by the intake agency', () => {
    const at = accepted();
    at.complete('tiep-nhan');
    expect(reason(at, requestSupplement)).toBe('NOT_THE_HOLDER');
    at.carryOut(at.province.land.officer, requestSupplement);
    expect(reason(at, receive(), at.province.land.officer)).toBe('NOT_THE_INTAKE');
    at.carryOut(clerk(at), receive());
  });
});

describe('an extension', () => {
  test('is possible up to one working day before the deadline, to a later date', () => {
    const at = accepted();
    at.now = vn('2026-02-11 17:00');
    expect(reason(at, extend('2026-02-12 17:00'))).toBe('EXTENSION_NOT_LATER');
    expect(at.decide(clerk(at), extend('2026-02-12 17:01')).ok).toBe(true);
    at.now += 1;
    expect(at.refusal(clerk(at), extend('2026-02-27 17:00'))).toMatchObject({
      reason: 'EXTENSION_TOO_LATE',
      message: expect.stringMatching(
        /^the deadline can be extended until 1 working day before it, 2026-02-11T10:00/,
      ),
      metadata: { until: new Date(vn('2026-02-11 17:00')).toISOString() },
    });
  });

  test('replaces the computed deadline, once', () => {
    const at = accepted();
    at.carryOut(clerk(at), extend('2026-02-27 17:00'));
    expect(at.dossier).toMatchObject({
      dueAt: vn('2026-02-27 17:00'),
      extension: { from: vn('2026-02-12 17:00'), reason: SECRET },
    });
    expect(at.dossier.acts.extended?.officerId).toBe(clerk(at).id);
    expect(at.refusal(clerk(at), extend('2026-03-10 17:00'))).toMatchObject({
      reason: 'EXTENSION_ALREADY_GIVEN',
      message: expect.stringMatching(/^the deadline can be extended once \(/),
    });
  });

  test('to a day off ends with the next working day, which the event names', () => {
    const at = accepted();
    const { events } = at.carryOut(clerk(at), extend('2026-03-01 16:00'));
    const to = vn('2026-03-02 17:00');
    expect(at.dossier).toMatchObject({ dueAt: to, extension: { to } });
    expect(events).toMatchObject([{ payload: { extension: { to: new Date(to) } } }]);
  });

  test('moves with a pause by its working days, and ends with a supplement', () => {
    const at = accepted();
    at.carryOut(clerk(at), extend('2026-02-27 17:00'));
    at.now = vn('2026-01-16 09:00');
    at.carryOut(clerk(at), { kind: 'stop', reason: SECRET });
    at.now = vn('2026-01-20 09:00');
    at.carryOut(clerk(at), { kind: 'resume' });
    expect(at.dossier.dueAt).toBe(vn('2026-03-03 17:00'));
    at.carryOut(clerk(at), requestSupplement);
    at.carryOut(clerk(at), receive());
    expect(at.dossier.dueAt).toBe(vn('2026-02-24 17:00'));
    expect(reason(at, extend('2026-03-30 17:00'))).toBe('EXTENSION_ALREADY_GIVEN');
  });

  test('beyond the years of the calendar is refused', () => {
    const at = accepted();
    expect(at.refusal(clerk(at), extend('2199-01-01 17:00'))).toMatchObject({
      kind: 'out-of-range',
      reason: 'OUTSIDE_CALENDAR',
    });
  });

  test('is only for the holder', () => {
    const at = accepted();
    at.complete('tiep-nhan');
    expect(reason(at, extend('2026-02-27 17:00'))).toBe('NOT_THE_HOLDER');
  });
});

describe('the law in force', () => {
  test.each([
    ['2025-06-30 08:00', 'Nghị định 61/2018/NĐ-CP, Điều 19'],
    ['2025-07-01 08:00', 'Nghị định 118/2025/NĐ-CP'],
  ])('is that of the day of the lodging, which refusals cite: %s', (lodgedAt, source) => {
    const at = createScenario([building]);
    at.now = vn(lodgedAt);
    at.lodge(building);
    at.now = vn('2025-07-02 09:00');
    at.carryOut(clerk(at), requestSupplement);
    at.now += 1000;
    at.carryOut(clerk(at), receive());
    expect(at.refusal(clerk(at), requestSupplement).message).toContain(source);
    at.carryOut(clerk(at), extend('2025-12-05 17:00'));
    expect(at.refusal(clerk(at), extend('2025-12-08 17:00')).message).toContain(source);
  });
});

describe('papers keep', () => {
  test('the appointment and the papers of the acceptance', () => {
    const at = accepted();
    const { dueAt, papers } = at.dossier;
    at.now = vn('2026-01-16 10:00');
    at.carryOut(clerk(at), requestSupplement);
    at.now = vn('2026-01-20 10:00');
    at.carryOut(
      clerk(at),
      receive({ papers: [{ key: '', name: SECRET, sha256: '', originals: 1, copies: 0 }] }),
    );
    expect(at.dossier.dueAt).not.toBe(dueAt);
    expect(at.dossier.papers).toHaveLength(papers.length + 1);
    expect(at.dossier.acts.accepted).toMatchObject({ dueAt, papers: papers.length });
  });

  test('the last stop, with the deadline that was in force', () => {
    const at = accepted();
    const stop = (reason: string): Act => ({ kind: 'stop', reason });
    const { head } = at.province.commune;
    const { dueAt } = at.dossier;
    at.now = vn('2026-01-16 10:00');
    at.carryOut(head, stop('Một'));
    expect(at.dossier.acts.stopped).toMatchObject({ at: at.now, reason: 'Một', dueAt, officerId: head.id });
    at.now = vn('2026-01-19 10:00');
    at.carryOut(head, { kind: 'resume' });
    expect(at.dossier.acts.stopped?.reason).toBe('Một');
    const later = at.dossier.dueAt;
    at.now = vn('2026-01-20 10:00');
    at.carryOut(head, stop('Hai'));
    expect(at.dossier.acts.stopped).toMatchObject({ at: at.now, reason: 'Hai', dueAt: later });
  });
});

describe('a payment', () => {
  const request = (amountVnd: number): Act => ({ kind: 'request-payment', amountVnd, content: SECRET });
  const record = (amountVnd: number): Act => ({ kind: 'record-payment', amountVnd, receipt: SECRET });
  test('pauses until exactly that amount is paid', () => {
    const at = accepted();
    at.carryOut(clerk(at), request(1_500_000));
    expect(at.dossier).toMatchObject({ status: DossierStatus.PAYMENT_REQUESTED, dueAt: null });
    expect(reason(at, record(1_499_999))).toBe('AMOUNT_DIFFERS');
    at.now = vn('2026-01-19 08:00');
    at.carryOut(clerk(at), record(1_500_000));
    expect(at.dossier).toMatchObject({ dueAt: vn('2026-02-23 17:00'), status: DossierStatus.ACCEPTED });
    expect(at.dossier.payments).toEqual([{ amountVnd: 1_500_000, receipt: SECRET, at: at.now }]);
  });
  test.each([-1, 0.5, Number.NaN, 2 ** 60])('of %d đồng is refused', (amount) => {
    expect(reason(accepted(), request(amount))).toBe('AMOUNT_INVALID');
  });
});

describe('urgency', () => {
  test('of a long clock: one working day before; of a short one: the last quarter', () => {
    const at = accepted();
    expect(at.dossier).toMatchObject({ urgency: Urgency.ON_TIME, timerAt: vn('2026-02-11 17:00') });
    // 15 working hours from 08:00 today to 17:00 tomorrow; three quarters of them have passed at 13:15 tomorrow.
    expect(at.task('tiep-nhan').timerAt).toBe(vn('2026-01-16 13:15'));
  });

  test('falls back when the deadline moves away', () => {
    const at = accepted();
    at.now = vn('2026-02-11 17:00');
    at.world.dossiers.set(at.dossier.id, {
      ...at.dossier,
      urgency: Urgency.DUE_SOON,
      timerAt: vn('2026-02-12 17:00') + 1,
    });
    at.carryOut(clerk(at), extend('2026-02-27 17:00'));
    expect(at.dossier).toMatchObject({ urgency: Urgency.ON_TIME, timerAt: vn('2026-02-26 17:00') });
  });
});

describe('withdrawal and return of the result', () => {
  const short = procedure(sequence('q', step('xem')));
  test('are only for the intake agency', () => {
    const at = accepted();
    at.complete('tiep-nhan');
    for (const act of [{ kind: 'withdraw', reason: SECRET }, { kind: 'return-result' }] as const)
      expect(reason(at, act, at.province.land.head)).toBe('NOT_THE_INTAKE');
    at.carryOut(clerk(at), { kind: 'withdraw', reason: SECRET });
    expect(at.dossier).toMatchObject({ status: DossierStatus.WITHDRAWN, reason: SECRET });
  });
  test('a result is returned once, and early when it is ready early', () => {
    const at = accepted(short);
    at.complete('xem');
    at.carryOut(clerk(at), { kind: 'return-result' });
    expect(at.dossier).toMatchObject({ status: DossierStatus.RESULT_RETURNED, returnedAt: at.now });
    expect(reason(at, { kind: 'return-result' })).toBe('RESULT_ALREADY_RETURNED');
  });
});
