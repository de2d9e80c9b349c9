import { DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { type Block, Join } from '@lienthong/contracts/registry';
import { PLATFORM } from '@lienthong/kit';
import {
  ancestor,
  consultation,
  handOver,
  holderOf,
  intake,
  parallel,
  sequence,
  step,
  subProcedure,
} from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import {
  type Act,
  blocksOf,
  completing,
  createScenario,
  reasonOf,
  result,
  type Scenario,
  SECRET,
  vn,
} from '../../../test/support/scenario.ts';
import { deriveId } from './openings.ts';

const land = holderOf('land');
const finance = holderOf('finance');

function lodged(root: Block): Scenario {
  const given = procedure(root);
  const at = createScenario([given]);
  at.lodge(given);
  return at;
}

describe('parallel branches', () => {
  const work = [step('mot'), step('hai', { performer: land })] as const;
  test('join when all have ended', () => {
    const at = lodged(sequence('q', parallel('p', Join.ALL, ...work), step('sau')));
    at.complete('mot');
    // The agency led, and holds the dossier until another leads.
    expect(blocksOf(at)).toEqual(['hai @ H61.STNMT']);
    expect(at.dossier.holder.code).toBe('H61.855.29542');
    at.complete('hai');
    expect(blocksOf(at)).toEqual(['sau @ H61.855.29542']);
  });
  test('join when the first has ended', () => {
    const at = lodged(sequence('q', parallel('p', Join.FIRST, ...work), step('sau')));
    at.complete('hai');
    expect(blocksOf(at)).toEqual(['sau @ H61.855.29542']);
    expect(at.tasks.get(1)?.state).toBe(TaskState.CANCELLED);
  });
  test('a cancelled branch cancels the consultations of its officers', () => {
    const at = lodged(sequence('q', parallel('p', Join.FIRST, ...work), step('sau')));
    at.carryOut(at.province.land.officer, {
      kind: 'consult',
      taskNumber: 2,
      agencyIds: [at.province.finance.agency.id],
      question: SECRET,
      dueAt: vn('2026-01-20 17:00'),
    });
    at.complete('mot');
    expect(blocksOf(at)).toEqual(['sau @ H61.855.29542']);
  });
});

describe('a hand-over', () => {
  test('goes up tier by tier and directly across; each agency on the way gets a task', () => {
    const at = lodged(
      sequence('q', handOver('len', ancestor(Tier.PROVINCE)), handOver('sang', land), handOver('ve', intake)),
    );
    expect(blocksOf(at)).toEqual(['len @ H61.855']);
    expect(at.task('len')).toMatchObject({
      kind: TaskKind.HAND_OVER,
      onward: [at.province.province.agency.id],
    });
    expect(at.dossier.holder.code).toBe('H61.855');
    at.complete('len');
    expect(blocksOf(at)).toEqual(['len @ H61']);
    at.complete('len', 'received');
    expect(blocksOf(at)).toEqual(['sang @ H61.STNMT']);
    const wrong = at.refusal(at.province.land.officer, { ...completing('dat'), taskNumber: 3 });
    expect(wrong.reason).toBe('OUTCOME_UNKNOWN');
    at.complete('sang');
    // Neither of department and commune is above the other.
    expect(blocksOf(at)).toEqual(['ve @ H61.855.29542']);
    at.complete('ve');
    expect(at.dossier.status).toBe(DossierStatus.FINISHED);
  });

  test('to the present holder opens no task', () => {
    const at = lodged(sequence('q', handOver('day', intake), step('sau')));
    expect(blocksOf(at)).toEqual(['sau @ H61.855.29542']);
  });
});

test('an agency that two relations name answers once', () => {
  const at = lodged(consultation('hoi', intake, ancestor(Tier.COMMUNE)));
  expect(blocksOf(at)).toEqual(['hoi @ H61.855.29542']);
  at.complete('hoi');
  expect(at.dossier.status).toBe(DossierStatus.FINISHED);
});

test('the agency that leads a consultation becomes the holder', () => {
  const at = lodged(sequence('q', step('mot', { performer: land }), consultation('hoi', finance)));
  at.now = vn('2026-01-19 09:00');
  at.complete('mot');
  expect(at.dossier).toMatchObject({ holder: { code: 'H61.855.29542' }, heldSince: at.now });
});

describe('a consultation', () => {
  const consulted = () => lodged(sequence('q', consultation('hoi', land, finance), step('sau')));
  test('continues when all have answered', () => {
    const at = consulted();
    expect(blocksOf(at)).toEqual(['hoi @ H61.STNMT', 'hoi @ H61.STC']);
    expect(at.dossier.holder.code).toBe('H61.855.29542');
    expect(at.task('hoi').question).toBe('Có ý kiến gì?');
    at.complete('hoi', 'answered');
    expect(blocksOf(at)).toEqual(['hoi @ H61.STC']);
    at.complete('hoi');
    expect(blocksOf(at)).toEqual(['sau @ H61.855.29542']);
    expect(at.tasks.get(1)).toMatchObject({ outcome: 'answered', note: SECRET });
  });
  test.each<[string, Partial<Extract<Act, { kind: 'complete' }>>, string]>([
    ['another outcome', { outcome: 'dat' }, 'outcome OUTCOME_UNKNOWN'],
    ['results', { results: [result('giay-phep')] }, 'results RESULT_UNKNOWN'],
    ['data', { data: { floors: '2' } }, 'data DATA_NOT_EXPECTED'],
  ])('is answered without %s', (_, more, reason) => {
    const at = consulted();
    const act: Act = { ...completing(''), ...more, taskNumber: 1 };
    expect(reasonOf(at, at.province.land.officer, act)).toBe(reason);
  });
});

describe('a sub-procedure', () => {
  const waiting = () => {
    const at = lodged(sequence('q', subProcedure('con', '1.000009'), step('sau')));
    expect(at.dossier.open).toMatchObject([
      { number: 1, kind: TaskKind.SUB_PROCEDURE, dueAt: null, lead: true },
    ]);
    return at;
  };
  test('has the same id for its dossier at every attempt', () => {
    const at = waiting();
    expect(at.task('con').subDossierId).toBe(deriveId(at.dossier.id, 1));
    expect(deriveId(at.dossier.id, 1)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(deriveId(at.dossier.id, 2)).not.toBe(deriveId(at.dossier.id, 1));
  });
  test.each([
    [true, 'finished'],
    [false, 'refused'],
  ])('continues when that has ended (finished: %s)', (finished, outcome) => {
    const at = waiting();
    at.carryOut(PLATFORM, { kind: 'sub-ended', taskNumber: 1, finished, results: [] });
    expect(at.tasks.get(1)?.outcome).toBe(outcome);
    expect(blocksOf(at)).toEqual(['sau @ H61.855.29542']);
    expect(at.refusal(PLATFORM, { kind: 'sub-ended', taskNumber: 1, finished, results: [] }).reason).toBe(
      'TASK_CLOSED',
    );
  });
  test('continues while the dossier is paused, and the tasks that it opens wait', () => {
    const at = waiting();
    at.carryOut(at.province.commune.officer, { kind: 'stop', reason: SECRET });
    at.carryOut(PLATFORM, { kind: 'sub-ended', taskNumber: 1, finished: true, results: [] });
    expect(at.task('sau').dueAt).toBeNull();
    at.now = vn('2026-01-20 08:00');
    at.carryOut(at.province.commune.officer, { kind: 'resume' });
    expect(at.task('sau').dueAt).toBe(vn('2026-01-21 17:00'));
  });
  test('has the dossier while nothing else is open: its agency extends, stops and requests payment', () => {
    const sub: Block = {
      key: 'con',
      block: {
        $case: 'subProcedure',
        value: { name: 'Thủ tục con', procedureCode: '1.000009', intake: finance },
      },
    };
    const at = lodged(
      sequence('q', step('mot'), parallel('song-song', Join.ALL, sub, step('lau')), step('sau')),
    );
    at.complete('mot');
    const { commune, finance: office } = at.province;
    const dueAt = (at.dossier.dueAt ?? 0) + 86_400_000;
    const extend: Act = { kind: 'extend', dueAt, reason: SECRET };
    expect(at.dossier.holder.code).toBe('H61.855.29542');
    expect(at.refusal(office.officer, extend).reason).toBe('NOT_THE_HOLDER');
    at.complete('lau');
    expect(at.dossier).toMatchObject({ holder: { code: 'H61.STC' }, heldByFunction: 'finance' });
    expect(at.refusal(commune.officer, extend).reason).toBe('NOT_THE_HOLDER');
    at.carryOut(office.officer, extend);
    at.carryOut(office.officer, { kind: 'request-payment', amountVnd: 75_000, content: SECRET });
    at.carryOut(commune.clerk, { kind: 'record-payment', amountVnd: 75_000, receipt: '1' });
    at.carryOut(PLATFORM, {
      kind: 'sub-ended',
      taskNumber: at.task('con').number,
      finished: true,
      results: [],
    });
    expect(at.dossier.holder.code).toBe('H61.855.29542');
  });
  test("is no officer's work, and only the platform ends it", () => {
    const at = waiting();
    const { officer } = at.province.commune;
    for (const act of [{ kind: 'claim' } as const, completing()])
      expect(at.refusal(officer, { ...act, taskNumber: 1 }).reason).toBe('WAITS_FOR_DOSSIER');
    expect(
      at.refusal(officer, { kind: 'sub-ended', taskNumber: 1, finished: true, results: [] }).reason,
    ).toBe('PLATFORM_ONLY');
  });
});
