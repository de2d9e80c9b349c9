import type { DossierStatus } from '@lienthong/contracts/casework';
import { Effect } from '@lienthong/contracts/registry';
import { PLATFORM } from '@lienthong/kit';
import { outcome, sequence, step } from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import {
  type Act,
  completing,
  createScenario,
  result,
  type Scenario,
  SECRET,
  vn,
} from '../../../test/support/scenario.ts';

const twoSteps = procedure(
  sequence(
    'quy-trinh',
    step('xem'),
    step('ky', {
      outcomes: [outcome('ky'), outcome('khong-ky', Effect.REFUSE)],
      returns: [{ to: 'xem', atMost: 1 }],
      produces: ['giay-phep'],
    }),
  ),
);

type Status = keyof typeof REACHED;

/** How a dossier of the procedure reaches each status; in 1 the intake task is open, else the step `ky`. */
const REACHED = {
  '1 registered': (at: Scenario) => void at.lodge(twoSteps, { accept: false }),
  '2 accepted': (at: Scenario) => void at.lodge(twoSteps),
  '3 refused': (at: Scenario) => {
    at.lodge(twoSteps, { accept: false });
    at.carryOut(at.province.commune.clerk, { kind: 'refuse', reason: SECRET });
  },
  '4 in progress': (at: Scenario) => {
    at.lodge(twoSteps);
    at.complete('xem');
  },
  '5 supplement requested': (at: Scenario) => {
    REACHED['4 in progress'](at);
    at.carryOut(at.province.commune.clerk, {
      kind: 'request-supplement',
      content: SECRET,
      reason: SECRET,
      contactPhone: SECRET,
    });
  },
  '6 payment requested': (at: Scenario) => {
    REACHED['4 in progress'](at);
    at.carryOut(at.province.commune.clerk, { kind: 'request-payment', amountVnd: 100, content: SECRET });
  },
  '7 withdrawn': (at: Scenario) => {
    REACHED['4 in progress'](at);
    at.carryOut(at.province.commune.clerk, { kind: 'withdraw', reason: SECRET });
  },
  '8 stopped': (at: Scenario) => {
    REACHED['4 in progress'](at);
    at.carryOut(at.province.commune.clerk, { kind: 'stop', reason: SECRET });
  },
  '9 finished': (at: Scenario) => {
    REACHED['4 in progress'](at);
    at.complete('ky', 'ky', { results: [result('giay-phep')] });
  },
  '10 result returned': (at: Scenario) => {
    REACHED['9 finished'](at);
    at.carryOut(at.province.commune.clerk, { kind: 'return-result' });
  },
};

const ACTS = ({ dossier, province }: Scenario): { [K in Act['kind']]: Extract<Act, { kind: K }> } => {
  const taskNumber = dossier.lastTask;
  const officerId = province.commune.colleague.id;
  return {
    accept: { kind: 'accept' },
    refuse: { kind: 'refuse', reason: SECRET },
    claim: { kind: 'claim', taskNumber },
    assign: { kind: 'assign', taskNumber, officerId },
    complete: {
      ...completing(dossier.open[0]?.blockKey === 'xem' ? '' : 'ky', {
        results: dossier.open[0]?.blockKey === 'xem' ? [] : [result('giay-phep')],
      }),
      taskNumber,
    },
    'hand-over': { kind: 'hand-over', taskNumber, officerId, reason: SECRET },
    return: { kind: 'return', taskNumber, to: '', reason: SECRET },
    consult: {
      kind: 'consult',
      taskNumber,
      agencyIds: [province.land.agency.id],
      question: SECRET,
      dueAt: vn('2026-01-20 17:00'),
    },
    'request-supplement': {
      kind: 'request-supplement',
      content: SECRET,
      reason: SECRET,
      contactPhone: SECRET,
    },
    'receive-supplement': { kind: 'receive-supplement', papers: [], data: {} },
    'hand-in': {
      kind: 'hand-in',
      file: { sha256: 'f'.repeat(64), name: SECRET, contentType: 'application/pdf', sizeBytes: 9 },
    },
    'request-payment': { kind: 'request-payment', amountVnd: 100, content: SECRET },
    'record-payment': { kind: 'record-payment', amountVnd: 100, receipt: SECRET },
    'receive-payment': {
      kind: 'receive-payment',
      payment: {
        id: 'p1',
        requestedAt: dossier.pause?.since ?? 0,
        amountVnd: 100,
        provider: 'Cổng thanh toán',
        reference: SECRET,
      },
    },
    withdraw: { kind: 'withdraw', reason: SECRET },
    stop: { kind: 'stop', reason: SECRET },
    resume: { kind: 'resume' },
    extend: { kind: 'extend', dueAt: vn('2026-03-30 17:00'), reason: SECRET },
    'return-result': { kind: 'return-result' },
    'sub-ended': { kind: 'sub-ended', taskNumber, finished: true, results: [] },
  };
};

const CLOSED = 'DOSSIER_CLOSED';
const PAUSED = 'DOSSIER_PAUSED';
const NOT_YET = 'DOSSIER_NOT_ACCEPTED';

// By the order of REACHED; a number is the status after it was accepted.
const TABLE: { [K in Act['kind']]: (DossierStatus | string)[] } = {
  //           1        2         3       4         5       6       7       8       9       10
  accept: [
    2,
    'ALREADY_ACCEPTED',
    CLOSED,
    'ALREADY_ACCEPTED',
    'ALREADY_ACCEPTED',
    'ALREADY_ACCEPTED',
    CLOSED,
    'ALREADY_ACCEPTED',
    CLOSED,
    CLOSED,
  ],
  refuse: [
    3,
    'ALREADY_ACCEPTED',
    CLOSED,
    'ALREADY_ACCEPTED',
    'ALREADY_ACCEPTED',
    'ALREADY_ACCEPTED',
    CLOSED,
    'ALREADY_ACCEPTED',
    CLOSED,
    CLOSED,
  ],
  claim: [1, 4, CLOSED, 4, 5, 6, CLOSED, 8, CLOSED, CLOSED],
  assign: [1, 4, CLOSED, 4, 5, 6, CLOSED, 8, CLOSED, CLOSED],
  'hand-over': Array(10)
    .fill('NOT_ASSIGNED_TO_YOU')
    .map((no, i) => ([2, 6, 8, 9].includes(i) ? CLOSED : no)),
  complete: [NOT_YET, 4, CLOSED, 9, PAUSED, PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  return: [NOT_YET, 'RETURN_NOT_ALLOWED', CLOSED, 4, PAUSED, PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  consult: [NOT_YET, 4, CLOSED, 4, PAUSED, PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  'request-supplement': [5, 5, CLOSED, 5, 'SUPPLEMENT_ALREADY_ASKED', PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  'receive-supplement': [
    'SUPPLEMENT_NOT_ASKED',
    'SUPPLEMENT_NOT_ASKED',
    CLOSED,
    'SUPPLEMENT_NOT_ASKED',
    4,
    'SUPPLEMENT_NOT_ASKED',
    CLOSED,
    'SUPPLEMENT_NOT_ASKED',
    CLOSED,
    CLOSED,
  ],
  'hand-in': [
    'SUPPLEMENT_NOT_ASKED',
    'SUPPLEMENT_NOT_ASKED',
    CLOSED,
    'SUPPLEMENT_NOT_ASKED',
    5,
    'SUPPLEMENT_NOT_ASKED',
    CLOSED,
    'SUPPLEMENT_NOT_ASKED',
    CLOSED,
    CLOSED,
  ],
  'request-payment': [NOT_YET, 6, CLOSED, 6, PAUSED, PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  'record-payment': [
    'PAYMENT_NOT_ASKED',
    'PAYMENT_NOT_ASKED',
    CLOSED,
    'PAYMENT_NOT_ASKED',
    'PAYMENT_NOT_ASKED',
    4,
    CLOSED,
    'PAYMENT_NOT_ASKED',
    CLOSED,
    CLOSED,
  ],
  // A payment is never refused: one that nobody waits for is kept to be given back.
  'receive-payment': [1, 2, 3, 4, 5, 4, 7, 8, 9, 10],
  withdraw: [7, 7, CLOSED, 7, 7, 7, CLOSED, 7, CLOSED, CLOSED],
  stop: [NOT_YET, 8, CLOSED, 8, PAUSED, PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  resume: [
    'NOT_STOPPED',
    'NOT_STOPPED',
    CLOSED,
    'NOT_STOPPED',
    'NOT_STOPPED',
    'NOT_STOPPED',
    CLOSED,
    4,
    CLOSED,
    CLOSED,
  ],
  extend: [NOT_YET, 2, CLOSED, 4, PAUSED, PAUSED, CLOSED, PAUSED, CLOSED, CLOSED],
  'return-result': [
    'NOT_FINISHED',
    'NOT_FINISHED',
    CLOSED,
    'NOT_FINISHED',
    'NOT_FINISHED',
    'NOT_FINISHED',
    CLOSED,
    'NOT_FINISHED',
    10,
    'RESULT_ALREADY_RETURNED',
  ],
  'sub-ended': Array(10)
    .fill('NOT_A_SUB_PROCEDURE')
    .map((no, i) => ([2, 6, 8, 9].includes(i) ? CLOSED : no)),
};

const statuses = Object.keys(REACHED) as Status[];
const kinds = Object.keys(TABLE) as Act['kind'][];

describe.each(statuses)('in status %s', (status) => {
  test('is reached', () => {
    const at = createScenario([twoSteps]);
    REACHED[status](at);
    expect(at.dossier.status).toBe(Number.parseInt(status, 10));
  });

  test.each(kinds)('%s', (kind) => {
    const at = createScenario([twoSteps]);
    REACHED[status](at);
    const expected = TABLE[kind][statuses.indexOf(status)];
    // The head acts for the commune; only the platform ends sub-procedures.
    const by = kind === 'sub-ended' ? PLATFORM : at.province.commune.head;
    const act = ACTS(at)[kind];
    if (typeof expected === 'string') expect(at.refusal(by, act).reason).toBe(expected);
    else {
      at.carryOut(by, act);
      expect(at.dossier.status).toBe(expected);
    }
  });
});
