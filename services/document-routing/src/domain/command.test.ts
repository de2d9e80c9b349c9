import { DeliveryState, DeliveryStatus, type IssueDocumentResponse } from '@lienthong/contracts/routing';
import { agency, ended } from '@lienthong/reference-data/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accepted,
  carryOut,
  draft,
  issue,
  NOW,
  refusalOf,
  stateWith,
  to,
} from '../../test/support/routing-state.ts';
import type { Command } from './command.ts';
import { historyOf } from './history.ts';
import type { RoutingState } from './state.ts';

const AGENCIES = ['tinh', 'so', 'xa1', 'xa2', 'xa3'];
const alive = AGENCIES.map((id) => agency({ id, code: `H61.${id.toUpperCase()}`, name: id }));
const dead = ended(agency({ id: 'cu', code: 'H61.CU', name: 'cũ' }), '2025-07-01', 'xa1');
const at = { now: NOW, today: '2026-01-15', officerId: 'văn thư' };

const reportOf = (callerId: string, deliveryId: string, status: number): Command => ({
  kind: 'report',
  ...at,
  callerId,
  deliveryId,
  status: status as DeliveryStatus,
  reason: 'lý do',
  happenedAt: undefined,
  late: false,
  signatureChecks: undefined,
  assignee: 'chuyên viên',
});
const recallOf = (callerId: string, documentId: string, recipientIds: string[] = []): Command => ({
  kind: 'recall',
  ...at,
  callerId,
  documentId,
  reason: 'gửi nhầm',
  recipientIds,
});

function sent(state: RoutingState, from: string, ...recipients: string[]) {
  const { reply } = accepted<IssueDocumentResponse>(carryOut(state, issue(from, draft(recipients.map(to)))));
  return { documentId: reply.document?.id ?? '', deliveryIds: reply.deliveries.map((one) => one.deliveryId) };
}

describe('who may report', () => {
  test.each([
    ['the recipient', 'xa1', 'accepted'],
    ['the sender', 'tinh', 'NOT_THE_RECIPIENT'],
    ['another recipient of the document', 'xa2', 'DELIVERY_NOT_FOUND'],
    ['a stranger', 'xa3', 'DELIVERY_NOT_FOUND'],
  ])('%s', (_, caller, expected) => {
    const state = stateWith(...alive);
    const [deliveryId = ''] = sent(state, 'tinh', 'xa1', 'xa2').deliveryIds;
    const refusal = refusalOf(carryOut(state, reportOf(caller, deliveryId, 1)));
    expect(refusal === 'accepted' ? refusal : refusal.reason).toBe(expected);
  });

  test('of an ended agency only the successor, and what it says moves the delivery to it first', () => {
    const before = stateWith(...alive, agency({ id: 'cu', code: 'H61.CU', name: 'cũ' }));
    const [deliveryId = ''] = sent(before, 'tinh', 'cu').deliveryIds;
    const state = { ...before, agencies: stateWith(...alive, dead).agencies };
    expect(refusalOf(carryOut(state, reportOf('cu', deliveryId, 1)))).toMatchObject({
      reason: 'AGENCY_ENDED',
    });
    const { events } = accepted(carryOut(state, reportOf('xa1', deliveryId, 1)));
    expect(events.map((one) => [one.type, one.version, one.agencyCode])).toEqual([
      ['lienthong.routing.v1.DeliveryRerouted', 2, 'H61.XA1'],
      ['lienthong.routing.v1.DeliveryStatusReported', 3, 'H61.XA1'],
    ]);
    expect(state.deliveries.get(deliveryId)).toMatchObject({
      holder: { name: 'xa1' },
      addressedTo: { name: 'cũ' },
    });
  });
});

describe('recall', () => {
  test('takes back what has not arrived and asks for the rest', () => {
    const state = stateWith(...alive);
    const { documentId, deliveryIds } = sent(state, 'tinh', 'xa1', 'xa2', 'xa3');
    carryOut(state, reportOf('xa1', deliveryIds[0] ?? '', 1));
    carryOut(state, reportOf('xa3', deliveryIds[2] ?? '', 2));
    expect(accepted(carryOut(state, recallOf('tinh', documentId))).reply).toEqual({
      recalled: 1,
      requested: 1,
    });
    const states = deliveryIds.map((id) => state.deliveries.get(id));
    expect(states.map((one) => one?.state)).toEqual([
      DeliveryState.OPEN,
      DeliveryState.RECALLED,
      DeliveryState.REFUSED,
    ]);
    expect(states.map((one) => one?.withdrawn)).toEqual([false, true, false]);
    expect(refusalOf(carryOut(state, recallOf('tinh', documentId)))).toMatchObject({
      reason: 'CHANGE_PENDING',
    });
    carryOut(state, reportOf('xa1', deliveryIds[0] ?? '', 15));
    expect(refusalOf(carryOut(state, recallOf('tinh', documentId)))).toMatchObject({
      reason: 'NOTHING_TO_RECALL',
    });
    expect(refusalOf(carryOut(state, reportOf('xa2', deliveryIds[1] ?? '', 1)))).toMatchObject({
      reason: 'DELIVERY_NOT_FOUND',
    });
  });

  test('is for named recipients alone when some are named', () => {
    const state = stateWith(...alive);
    const { documentId, deliveryIds } = sent(state, 'tinh', 'xa1', 'xa2');
    expect(accepted(carryOut(state, recallOf('tinh', documentId, ['xa2']))).reply).toEqual({
      recalled: 1,
      requested: 0,
    });
    expect(state.deliveries.get(deliveryIds[0] ?? '')?.state).toBe(DeliveryState.OPEN);
    expect(refusalOf(carryOut(state, recallOf('tinh', documentId, ['xa1', 'xa3'])))).toEqual({
      reason: 'NOT_A_RECIPIENT',
      violations: ['recipient_ids[1] NOT_A_RECIPIENT'],
    });
  });

  test("is the sender's", () => {
    const state = stateWith(...alive);
    const { documentId } = sent(state, 'tinh', 'xa1');
    expect(refusalOf(carryOut(state, recallOf('xa1', documentId)))).toMatchObject({
      reason: 'NOT_THE_SENDER',
    });
    expect(refusalOf(carryOut(state, recallOf('xa2', documentId)))).toMatchObject({
      reason: 'DOCUMENT_NOT_FOUND',
    });
    expect(refusalOf(carryOut(state, recallOf('tinh', 'nothing')))).toMatchObject({
      reason: 'DOCUMENT_NOT_FOUND',
    });
  });
});

type Step =
  | { do: 'issue'; from: number; to: number[]; number: string; changes: number | undefined; kind: number }
  | { do: 'report'; delivery: number; status: number; asHolder: boolean; by: number }
  | { do: 'recall'; document: number };

const index = fc.nat({ max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('issue' as const),
    from: fc.nat({ max: 2 }),
    to: fc.uniqueArray(fc.nat({ max: AGENCIES.length - 1 }), { minLength: 1, maxLength: 4 }),
    number: fc.oneof(
      { weight: 5, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.nat({ max: 30 }).map(String) },
    ),
    changes: fc.option(index, { nil: undefined }),
    kind: fc.integer({ min: 2, max: 4 }),
  }),
  fc.record({
    do: fc.constant('report' as const),
    delivery: index,
    status: fc.constantFrom(1, 2, 3, 4, 5, 6, 15, 16),
    asHolder: fc.boolean(),
    by: fc.nat({ max: AGENCIES.length - 1 }),
  }),
  fc.record({ do: fc.constant('recall' as const), document: index }),
);

test('whatever is done in whatever order, deliveries and numbers stay whole', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const state = stateWith(...alive);
      const documents: { id: string; from: string; number: string; given: boolean }[] = [];
      const history = new Map<string, number[]>();
      for (const one of steps) {
        const command = commandOf(one, state, documents);
        if (command === undefined) continue;
        const before = structuredClone(state.deliveries.entries());
        const decided = carryOut(state, command);
        if (!decided.ok) {
          // A refusal changes nothing.
          expect(state.deliveries.entries()).toEqual(before);
          continue;
        }
        if (command.kind === 'issue') {
          const { id = '', number = '' } = (decided.value.reply as IssueDocumentResponse).document ?? {};
          documents.push({ id, from: command.callerId, number, given: command.draft.number !== '' });
        }
        for (const event of decided.value.events) {
          const entry = historyOf(event);
          if (entry)
            history.set(event.aggregateId, [...(history.get(event.aggregateId) ?? []), entry.status]);
        }
      }
      for (const [id, delivery] of state.deliveries.entries()) {
        // One current status: the newest row of the history that is one.
        const newest = (history.get(id) ?? []).findLast((status) => status !== 0) ?? 0;
        expect(delivery.status).toBe(newest);
        expect(delivery.pending !== undefined).toBe(newest === DeliveryStatus.RECALL_REQUESTED);
        if (delivery.withdrawn) expect(newest).toBe(DeliveryStatus.UNSPECIFIED);
      }
      for (const from of AGENCIES) {
        const numbers = documents.filter((one) => one.from === from);
        const used = numbers.map((one) => Number(one.number));
        expect(new Set(used).size).toBe(used.length);
        // Every number below one that was drawn is in use: a draw skips only what was given by hand.
        const all = new Set(used);
        const highestDrawn = Math.max(
          0,
          ...numbers.filter((one) => !one.given).map((one) => Number(one.number)),
        );
        for (let n = 1; n < highestDrawn; n += 1) expect(all.has(n)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

function commandOf(
  one: Step,
  state: RoutingState,
  documents: readonly { id: string; from: string }[],
): Command | undefined {
  switch (one.do) {
    case 'issue': {
      const from = AGENCIES[one.from] ?? '';
      const earlier = one.changes === undefined ? undefined : documents[one.changes];
      const changes = earlier
        ? { refersToId: earlier.id, businessKind: one.kind as 2 | 3 | 4, businessReason: 'sai sót' }
        : {};
      return issue(
        from,
        draft(
          one.to.map((i) => to(AGENCIES[i] ?? '')),
          { number: one.number, ...changes },
        ),
      );
    }
    case 'report': {
      const delivery = [...state.deliveries.entries().values()][one.delivery];
      if (delivery === undefined) return undefined;
      const caller = one.asHolder ? delivery.holder.agencyId : (AGENCIES[one.by] ?? '');
      return reportOf(caller, delivery.id, one.status);
    }
    case 'recall': {
      const document = documents[one.document];
      return document && recallOf(document.from, document.id);
    }
    default:
      return one satisfies never;
  }
}
