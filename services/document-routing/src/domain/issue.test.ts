import {
  BusinessKind,
  DeliveryState,
  DeliveryStatus,
  Exchange,
  type IssueDocumentResponse,
  SteeringType,
} from '@lienthong/contracts/routing';
import { ImmutableMap } from '@lienthong/eventlog';
import { agency, ended } from '@lienthong/reference-data/testing';
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
  toCode,
} from '../../test/support/routing-state.ts';
import type { RoutingState } from './state.ts';

const province = agency({ id: 'province', code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const other = agency({ id: 'other', code: 'H61.X', name: 'Sở X' });
const commune = agency({ id: 'commune', code: 'H61.1', name: 'Xã Mới', establishedOn: '2025-07-01' });
const old = ended(agency({ id: 'old', code: 'H61.1', name: 'Xã Cũ' }), '2025-07-01', 'commune');
const older = ended(agency({ id: 'older', code: 'H61.2', name: 'Xã Hai' }), '2025-07-01', 'commune');
const gone = ended(agency({ id: 'gone', code: 'H61.D', name: 'Huyện' }), '2025-07-01');
const coming = agency({ id: 'coming', code: 'H61.F', name: 'Xã Sau', establishedOn: '2026-07-01' });
const twin1 = agency({ id: 'twin1', code: 'H61.T', name: 'Đội 1' });
const twin2 = agency({ id: 'twin2', code: 'H61.T', name: 'Đội 2' });
const fresh = () => stateWith(province, other, commune, old, older, gone, coming, twin1, twin2);

const run = (state: RoutingState, ...given: Parameters<typeof issue>) => carryOut(state, issue(...given));
const issued = (state: RoutingState, ...given: Parameters<typeof issue>) =>
  accepted<IssueDocumentResponse>(run(state, ...given)).reply.document;
const numberOf = (state: RoutingState, ...given: Parameters<typeof issue>) => issued(state, ...given)?.number;

describe('numbers', () => {
  test('are drawn per issuer, year and notation, without gaps', () => {
    const state = fresh();
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('01');
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('02');
    expect(numberOf(state, 'province', draft([to('other')], { notation: 'QĐ-UBND' }))).toBe('01');
    expect(numberOf(state, 'province', draft([to('other')], { promulgatedOn: '2025-12-31' }))).toBe('01');
    expect(numberOf(state, 'other', draft([to('province')]))).toBe('01');
  });

  test('a refused command consumes none', () => {
    const state = fresh();
    expect(run(state, 'province', draft([toCode('H99')])).ok).toBe(false);
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('01');
  });

  test('a given number is used once, with or without zeros in front; the series skips it and goes on', () => {
    const state = fresh();
    expect(numberOf(state, 'province', draft([to('other')], { number: '16' }))).toBe('16');
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('01');
    expect(numberOf(state, 'province', draft([to('other')], { number: '07' }))).toBe('07');
    expect(numberOf(state, 'province', draft([to('other')], { number: '7a' }))).toBe('7a');
    for (const next of ['02', '03', '04', '05', '06', '08', '09', '10', '11', '12', '13', '14', '15', '17'])
      expect(numberOf(state, 'province', draft([to('other')]))).toBe(next);
    for (const number of ['16', '7', '017', '7A'])
      expect(refusalOf(run(state, 'province', draft([to('other')], { number })))).toEqual({
        reason: 'NUMBER_ALREADY_USED',
        violations: ['number NUMBER_ALREADY_USED'],
      });
  });

  test('never grow beyond what a document can carry', () => {
    const at = (next: number) => ({
      ...fresh(),
      series: ImmutableMap.from([
        ['province|2026|KH-UBND', { id: 'series', version: 0, next, lastDrawn: next - 1 }],
      ]),
    });
    expect(numberOf(at(99_999_999_999), 'province', draft([to('other')]))).toBe('99999999999');
    expect(refusalOf(run(at(100_000_000_000), 'province', draft([to('other')])))).toMatchObject({
      reason: 'NUMBERS_EXHAUSTED',
    });
  });

  test.each(['99999999999', '20260312', '16', '7a'])(
    'given by hand, such as %s, leave the series alone',
    (number) => {
      const state = fresh();
      expect(numberOf(state, 'province', draft([to('other')]))).toBe('01');
      expect(numberOf(state, 'province', draft([to('other')], { number }))).toBe(number);
      expect(numberOf(state, 'province', draft([to('other')]))).toBe('02');
      expect(numberOf(state, 'province', draft([to('other')]))).toBe('03');
    },
  );
});

describe('an officer sets a series', () => {
  const set = (state: RoutingState, nextNumber: number) =>
    carryOut(state, {
      kind: 'set-series',
      callerId: 'province',
      officerId: 'văn thư',
      now: NOW,
      today: '2026-01-15',
      year: 2026,
      notation: 'KH-UBND',
      nextNumber,
      reason: 'tiếp theo sổ giấy',
    });

  test('and the draws of the same batch follow it', () => {
    const state = fresh();
    expect(numberOf(state, 'province', draft([to('other')], { number: '11' }))).toBe('11');
    const { events } = accepted(set(state, 10));
    expect(events).toMatchObject([
      { type: 'lienthong.routing.v1.NumberSeriesSet', version: 1, agencyCode: 'H61', agencyId: 'province' },
    ]);
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('10');
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('12');
  });

  test('back only to numbers that were not drawn', () => {
    const state = fresh();
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('01');
    accepted(set(state, 500));
    expect(refusalOf(set(state, 1))).toMatchObject({ reason: 'NUMBER_ALREADY_DRAWN' });
    expect(accepted(set(state, 2)).events[0]?.version).toBe(2);
    expect(numberOf(state, 'province', draft([to('other')]))).toBe('02');
  });
});

describe('recipients', () => {
  test.each([
    ['an unknown code', [toCode('H99')], 'recipients[0].code CODE_UNKNOWN'],
    ['a code of the future', [to('other'), toCode('H61.F')], 'recipients[1].code CODE_NOT_VALID_AT_DATE'],
    ['an ambiguous code', [toCode('H61.T')], 'recipients[0].code CODE_AMBIGUOUS'],
    ['an unknown id', [to('nobody')], 'recipients[0].agency_id AGENCY_UNKNOWN'],
    ['an agency twice', [to('other'), toCode('H61.X')], 'recipients[1].code RECIPIENT_TWICE'],
    ['an ended agency without successor', [to('gone')], 'recipients[0].agency_id RECIPIENT_ENDED'],
    ['the code of one', [toCode('H61.D')], 'recipients[0].code RECIPIENT_ENDED'],
    ['an agency that is still to come', [to('coming')], 'recipients[0].agency_id RECIPIENT_NOT_BEGUN'],
  ])('%s is refused', (_, recipients, violation) => {
    const { reason, violations } = refusalOf(run(fresh(), 'province', draft(recipients))) as {
      reason: string;
      violations: string[];
    };
    expect(violations).toEqual([violation]);
    expect(violation.endsWith(reason)).toBe(true);
  });

  test('every wrong one is named', () => {
    const recipients = [toCode('H98'), to('other'), toCode('H99')];
    expect(refusalOf(run(fresh(), 'province', draft(recipients)))).toMatchObject({
      violations: ['recipients[0].code CODE_UNKNOWN', 'recipients[2].code CODE_UNKNOWN'],
    });
  });

  test('an ended agency is reached through its successor, under its own name', () => {
    const state = fresh();
    const late = draft([toCode('H61.1', '2025-06-30'), to('older'), to('commune')]);
    const { reply } = accepted<IssueDocumentResponse>(run(state, 'province', late));
    expect(reply.deliveries.map((one) => [one.addressedToId, one.holderId])).toEqual([
      ['old', 'commune'],
      ['older', 'commune'],
      ['commune', 'commune'],
    ]);
    const [first] = [...state.deliveries.entries().values()];
    expect(first).toMatchObject({
      addressedTo: { name: 'Xã Cũ', code: 'H61.1' },
      holder: { name: 'Xã Mới', code: 'H61.1' },
    });
  });

  test('an old code reaches the successor of the agency that had it last', () => {
    const { reply } = accepted<IssueDocumentResponse>(run(fresh(), 'province', draft([toCode('H61.2')])));
    expect(reply.deliveries[0]).toMatchObject({ addressedToId: 'older', holderId: 'commune' });
  });

  test('a code resolves at the date of the document', () => {
    const state = fresh();
    const { reply } = accepted<IssueDocumentResponse>(
      run(state, 'province', draft([toCode('H61.1')], { promulgatedOn: '2025-06-30' })),
    );
    expect(reply.deliveries[0]).toMatchObject({ addressedToId: 'old', holderId: 'commune' });
  });
});

describe('the issuer', () => {
  test('must be alive today; the date on the document may lie before its beginning', () => {
    expect(
      refusalOf(run(fresh(), 'old', draft([to('other')], { promulgatedOn: '2025-06-01' }))),
    ).toMatchObject({ reason: 'AGENCY_ENDED' });
    expect(refusalOf(run(fresh(), 'nobody', draft([to('other')])))).toMatchObject({
      reason: 'AGENCY_UNKNOWN',
    });
    expect(run(fresh(), 'commune', draft([to('other')], { promulgatedOn: '2025-06-01' })).ok).toBe(true);
  });

  test('uses only attachments it has', () => {
    const state = fresh();
    const sha256 = 'ab'.repeat(32);
    const attachments = [{ sha256, name: 'a.pdf', contentType: 'application/pdf', description: '' }];
    const given = draft([to('other')], { attachments });
    expect(refusalOf(run(state, 'province', given))).toEqual({
      reason: 'ATTACHMENT_NOT_UPLOADED',
      violations: ['attachments[0].sha256 ATTACHMENT_NOT_UPLOADED'],
    });
    const uploaded = { ...state, attachments: new Map([[`province|${sha256}`, 17]]) };
    expect(issued(uploaded, 'province', given)?.attachments[0]?.sizeBytes).toBe(17n);
  });
});

describe('a document that changes an earlier one', () => {
  const changing = (businessKind: BusinessKind, refersToId: string, recipients = [to('other')]) =>
    draft(recipients, { businessKind, refersToId, businessReason: 'sai sót' });

  function sentTo(state: RoutingState, ...recipients: string[]) {
    const { document } = accepted<IssueDocumentResponse>(
      run(state, 'province', draft(recipients.map(to))),
    ).reply;
    const id = document?.id ?? '';
    const deliveries = () =>
      (state.byDocument.get(id) ?? []).flatMap((one) => state.deliveries.get(one) ?? []);
    return { id, deliveries };
  }

  test.each([
    [BusinessKind.REVOKE, DeliveryState.RECALLED],
    [BusinessKind.REPLACE, DeliveryState.REPLACED],
    [BusinessKind.UPDATE, DeliveryState.OPEN],
  ])('kind %i changes at once what has not arrived, for its recipients alone', (kind, state) => {
    const all = fresh();
    const earlier = sentTo(all, 'other', 'commune');
    const newer = issued(all, 'province', changing(kind, earlier.id));
    const [toOther, toCommune] = earlier.deliveries();
    expect(toOther).toMatchObject({ state, status: DeliveryStatus.UNSPECIFIED });
    expect(toOther?.supersededById).toBe(kind === BusinessKind.REVOKE ? '' : newer?.id);
    expect(toCommune).toMatchObject({ state: DeliveryState.OPEN, supersededById: '', version: 1 });
  });

  test('asks where it has arrived, and is refused while an answer is awaited', () => {
    const all = fresh();
    const earlier = sentTo(all, 'other');
    const [delivery] = earlier.deliveries();
    const say = {
      kind: 'report' as const,
      callerId: 'other',
      officerId: 'văn thư',
      now: NOW,
      today: '2026-01-15',
      reason: '',
      assignee: '',
      happenedAt: undefined,
      late: false,
      signatureChecks: undefined,
    };
    carryOut(all, { ...say, deliveryId: delivery?.id ?? '', status: DeliveryStatus.ARRIVED });
    const newer = issued(all, 'province', changing(BusinessKind.REPLACE, earlier.id));
    expect(earlier.deliveries()[0]).toMatchObject({
      status: DeliveryStatus.RECALL_REQUESTED,
      pending: { documentId: newer?.id, reason: 'sai sót' },
    });
    expect(run(all, 'province', changing(BusinessKind.UPDATE, earlier.id))).toMatchObject({
      refusal: {
        reason: 'CHANGE_PENDING',
        message:
          '1 recipient has not answered an earlier request to change this document; wait for status 15 or 16',
      },
    });
  });

  test('must be about a document of its issuer', () => {
    const all = fresh();
    const earlier = sentTo(all, 'other', 'commune');
    for (const [caller, refersTo] of [
      ['other', earlier.id],
      ['province', 'nothing'],
    ] as const)
      expect(refusalOf(run(all, caller, changing(BusinessKind.REVOKE, refersTo, [to('commune')])))).toEqual({
        reason: 'DOCUMENT_UNKNOWN',
        violations: ['refers_to_id DOCUMENT_UNKNOWN'],
      });
  });
});

describe('an answer', () => {
  const directive = (recipients: string[]) =>
    draft(recipients.map(to), { steering: SteeringType.DIRECTIVE, dueOn: '2026-02-01' });
  const answer = (respondsToId: string) =>
    draft([to('province')], { respondsToId, steering: SteeringType.REPORT });

  test('is only to what was delivered', () => {
    const state = fresh();
    const id = issued(state, 'province', directive(['other']))?.id ?? '';
    expect(refusalOf(run(state, 'commune', answer(id)))).toEqual({
      reason: 'DOCUMENT_UNKNOWN',
      violations: ['responds_to_id DOCUMENT_UNKNOWN'],
    });
  });

  test('marks the directive answered for the reporter; the first report counts', () => {
    const state = fresh();
    const id = issued(state, 'province', directive(['other', 'commune']))?.id ?? '';
    const first = issued(state, 'other', answer(id))?.id;
    issued(state, 'other', answer(id));
    const answeredBy = (state.byDocument.get(id) ?? []).map((one) => state.deliveries.get(one)?.answeredById);
    expect(answeredBy).toEqual([first, '']);
  });

  test('of a successor is for all it stands for', () => {
    const state = fresh();
    const id =
      issued(state, 'province', directive(['old', 'older']), new Date('2026-01-15T01:00:00Z'))?.id ?? '';
    const report = issued(state, 'commune', answer(id))?.id;
    const answeredBy = (state.byDocument.get(id) ?? []).map((one) => state.deliveries.get(one)?.answeredById);
    expect(answeredBy).toEqual([report, report]);
  });

  test('that is no report leaves the directive open', () => {
    const state = fresh();
    const id = issued(state, 'province', directive(['other']))?.id ?? '';
    issued(state, 'other', draft([to('province')], { respondsToId: id }));
    expect(state.deliveries.get(state.byDocument.get(id)?.[0] ?? '')?.answeredById).toBe('');
  });
});

test('the event has what a package says, without the people who sent it; the table has all', () => {
  const exchange = Exchange.fromPartial({ typeName: 'Kế hoạch', staffInfo: { staff: 'Lê Thị Mẫu' } });
  const { events, change } = accepted<IssueDocumentResponse>(
    run(fresh(), 'province', draft([to('other')], { exchange })),
  );
  const payload = events[0]?.payload as { document: { exchange: Exchange } };
  expect(payload.document.exchange).toEqual({ ...exchange, staffInfo: undefined });
  expect(change.issued?.document.exchange).toEqual(exchange);
});
