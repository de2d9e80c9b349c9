import { DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { type Block, DataType, Effect, Join } from '@lienthong/contracts/registry';
import {
  ancestor,
  choice,
  consultation,
  handOver,
  holderOf,
  intake,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
} from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import {
  type Act,
  completing,
  type Desk,
  DIGEST,
  desk,
  PLATFORM,
  result,
  SECRET,
  vn,
} from '../../../test/support/desk.ts';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import { drawnId } from '../openings.ts';

const land = holderOf('land');
const finance = holderOf('finance');
const building = fourSteps();

function lodged(root: Block, more: Parameters<typeof procedure>[1] = {}, data = {}): Desk {
  const given = procedure(root, more);
  const at = desk([given]);
  at.lodge(given, { data });
  return at;
}
const blocks = (at: Desk) => at.dossier.open.map(({ blockKey, agency }) => `${blockKey} @ ${agency.code}`);
const reasonOf = (at: Desk, by: Parameters<Desk['refusal']>[0], act: Act) => {
  const { reason, violations } = at.refusal(by, act);
  return violations?.[0] ? `${violations[0].field} ${reason}` : reason;
};

describe('a sequence of steps', () => {
  test('goes to who performs each, and ends with the result', () => {
    const at = desk([building]);
    at.lodge(building);
    expect(blocks(at)).toEqual(['tiep-nhan @ H61.855.29542']);
    at.complete('tiep-nhan');
    expect(blocks(at)).toEqual(['tham-dinh @ H61.STNMT']);
    expect(at.dossier).toMatchObject({
      status: DossierStatus.IN_PROGRESS,
      holder: { name: 'Sở Tài nguyên và Môi trường' },
    });
    at.complete('tham-dinh', 'dat');
    at.complete('ky', '', { results: [result('giay-phep')] });
    at.complete('tra');
    expect(at.dossier).toMatchObject({
      status: DossierStatus.FINISHED,
      holder: { name: 'Ủy ban nhân dân xã An Bình' },
      results: [{ key: 'giay-phep', name: 'Giấy phép xây dựng', sha256: DIGEST }],
    });
    expect(at.events.at(-1)?.payload).toMatchObject({ late: false, early: true });
  });

  test('late is after the deadline in force, early on an earlier working day', () => {
    const finishedAt = (moment: string) => {
      const at = desk([building]);
      at.lodge(building);
      at.complete('tiep-nhan');
      at.complete('tham-dinh', 'dat');
      at.complete('ky', '', { results: [result('giay-phep')] });
      at.now = vn(moment);
      at.complete('tra');
      const last = at.events.at(-1);
      if (last?.type !== 'lienthong.casework.v1.DossierFinished') throw new Error(`${last?.type} came last`);
      return { late: last.payload.late, early: last.payload.early };
    };
    // Due at 17:00 on Thursday, 12 February.
    expect(finishedAt('2026-02-11 17:00')).toEqual({ late: false, early: true });
    expect(finishedAt('2026-02-11 17:01')).toEqual({ late: false, early: false });
    expect(finishedAt('2026-02-12 17:00')).toEqual({ late: false, early: false });
    expect(finishedAt('2026-02-12 17:01')).toEqual({ late: true, early: false });
  });

  test('work from another agency has the cutoff, work that stays has not', () => {
    const at = lodged(sequence('q', step('mot'), step('hai'), step('ba', { performer: land })));
    at.now = vn('2026-01-15 15:30');
    at.complete('mot');
    expect(at.task('hai').dueAt).toBe(vn('2026-01-16 17:00'));
    at.complete('hai');
    expect(at.task('ba').dueAt).toBe(vn('2026-01-19 17:00'));
  });
});

describe('wrong completions change nothing', () => {
  const started = () => {
    const at = desk([building]);
    at.lodge(building);
    at.complete('tiep-nhan');
    return at;
  };
  const act = (taskNumber: number, more = {}, outcomeKey = 'dat'): Act => ({
    ...completing(outcomeKey, more),
    taskNumber,
  });

  test.each<[string, (at: Desk) => [Parameters<Desk['refusal']>[0], Act], string]>([
    ['wrong outcome', (at) => [at.province.land.officer, act(2, {}, 'tuyet-voi')], 'OUTCOME_UNKNOWN'],
    ['no outcome of several', (at) => [at.province.land.officer, act(2, {}, '')], 'OUTCOME_REQUIRED'],
    ['step already done', (at) => [at.province.commune.officer, act(1, {}, '')], 'TASK_CLOSED'],
    ['no such task', (at) => [at.province.land.officer, act(3)], 'TASK_UNKNOWN'],
    ['task 0', (at) => [at.province.land.officer, act(0)], 'TASK_UNKNOWN'],
    ["another agency's task", (at) => [at.province.commune.head, act(2)], 'NOT_YOUR_TASK'],
    ['an agency without part', (at) => [at.province.finance.head, act(2)], 'DOSSIER_UNKNOWN'],
    [
      'a refusal without a reason',
      (at) => [at.province.land.officer, act(2, { note: ' ' }, 'khong-dat')],
      'note NOTE_REQUIRED',
    ],
    [
      'a result of another step',
      (at) => [at.province.land.officer, act(2, { results: [result('giay-phep')] })],
      'results[0].key RESULT_UNKNOWN',
    ],
    [
      'data the procedure does not have',
      (at) => [at.province.land.officer, act(2, { data: { colour: 'đỏ' } })],
      'data.colour DATA_INVALID',
    ],
    [
      'data of another type',
      (at) => [at.province.land.officer, act(2, { data: { floors: '1.5' } })],
      'data.floors DATA_INVALID',
    ],
  ])('%s', (_, wrong, reason) => {
    const at = started();
    expect(reasonOf(at, ...wrong(at))).toBe(reason);
  });

  test('a task assigned to somebody else, unless the caller leads', () => {
    const at = started();
    const { officer, colleague, head } = at.province.land;
    at.tell(officer, { kind: 'claim', taskNumber: 2 });
    expect(reasonOf(at, colleague, act(2))).toBe('NOT_ASSIGNED_TO_YOU');
    at.tell(head, act(2));
    expect(at.tasks.get(2)).toMatchObject({ assigneeId: officer.id, closedBy: head.id });
  });

  test('results: missing, twice, without digest and number, wrong digest', () => {
    const at = started();
    at.complete('tham-dinh', 'dat');
    const sign = (...results: ReturnType<typeof result>[]): Act => ({
      ...completing('', { results }),
      taskNumber: 3,
    });
    const { officer } = at.province.province;
    expect(reasonOf(at, officer, sign())).toBe('results RESULT_MISSING');
    expect(reasonOf(at, officer, sign(result('giay-phep'), result('giay-phep')))).toBe(
      'results[1].key RESULT_TWICE',
    );
    expect(reasonOf(at, officer, sign(result('giay-phep', { sha256: '', number: '' })))).toBe(
      'results[0].sha256 RESULT_EMPTY',
    );
    expect(reasonOf(at, officer, sign(result('giay-phep', { sha256: 'abc' })))).toBe(
      'results[0].sha256 DIGEST_INVALID',
    );
    at.tell(officer, sign(result('giay-phep', { sha256: '' })));
  });
});

test('an outcome that refuses ends the dossier with its reason, whatever else is open', () => {
  const at = lodged(
    parallel(
      'p',
      Join.ALL,
      step('mot', { outcomes: [outcome('duoc'), outcome('khong', Effect.REFUSE)], produces: ['giay-phep'] }),
      step('hai', { performer: land }),
    ),
  );
  at.complete('mot', 'khong');
  expect(at.dossier).toMatchObject({ status: DossierStatus.REFUSED, reason: SECRET, open: [] });
  expect(at.tasks.get(2)?.state).toBe(TaskState.CANCELLED);
  expect(at.events.at(-1)?.type).toBe('lienthong.casework.v1.DossierRefused');
});

test('what an officer found out decides the way', () => {
  const at = lodged(
    sequence(
      'q',
      step('do'),
      choice('c', [['data.area_m2 > 500.0', step('lon', { performer: land })]], step('nho')),
    ),
    { data: [{ key: 'area_m2', label: 'Diện tích', type: DataType.NUMBER, required: false }] },
  );
  expect(reasonOf(at, at.province.commune.officer, { ...completing(), taskNumber: 1 })).toBe(
    'CONDITION_FAILED',
  );
  at.complete('do', '', { data: { area_m2: '500.5' } });
  expect(blocks(at)).toEqual(['lon @ H61.STNMT']);
  expect(at.dossier.data).toEqual({ area_m2: '500.5' });
});

describe('branches', () => {
  const work = [step('mot'), step('hai', { performer: land })] as const;
  test('all', () => {
    const at = lodged(sequence('q', parallel('p', Join.ALL, ...work), step('sau')));
    at.complete('mot');
    // Its agency led, and has the dossier until somebody leads again.
    expect(blocks(at)).toEqual(['hai @ H61.STNMT']);
    expect(at.dossier.holder.code).toBe('H61.855.29542');
    at.complete('hai');
    expect(blocks(at)).toEqual(['sau @ H61.855.29542']);
  });
  test('the first', () => {
    const at = lodged(sequence('q', parallel('p', Join.FIRST, ...work), step('sau')));
    at.complete('hai');
    expect(blocks(at)).toEqual(['sau @ H61.855.29542']);
    expect(at.tasks.get(1)?.state).toBe(TaskState.CANCELLED);
  });
});

describe('a hand-over', () => {
  test('goes up step by step and directly across; each agency on the way has it', () => {
    const at = lodged(
      sequence('q', handOver('len', ancestor(Tier.PROVINCE)), handOver('sang', land), handOver('ve', intake)),
    );
    expect(blocks(at)).toEqual(['len @ H61.855']);
    expect(at.task('len')).toMatchObject({
      kind: TaskKind.HAND_OVER,
      onward: [at.province.province.agency.id],
    });
    expect(at.dossier.holder.code).toBe('H61.855');
    at.complete('len');
    expect(blocks(at)).toEqual(['len @ H61']);
    at.complete('len', 'received');
    expect(blocks(at)).toEqual(['sang @ H61.STNMT']);
    const wrong = at.refusal(at.province.land.officer, { ...completing('dat'), taskNumber: 3 });
    expect(wrong.reason).toBe('OUTCOME_UNKNOWN');
    at.complete('sang');
    // Department and commune are not above one another.
    expect(blocks(at)).toEqual(['ve @ H61.855.29542']);
    at.complete('ve');
    expect(at.dossier.status).toBe(DossierStatus.FINISHED);
  });

  test('to where the dossier is takes nobody', () => {
    const at = lodged(sequence('q', handOver('day', intake), step('sau')));
    expect(blocks(at)).toEqual(['sau @ H61.855.29542']);
  });
});

test('an agency that is asked by two relations answers once', () => {
  const at = lodged(consultation('hoi', intake, ancestor(Tier.COMMUNE)));
  expect(blocks(at)).toEqual(['hoi @ H61.855.29542']);
  at.complete('hoi');
  expect(at.dossier.status).toBe(DossierStatus.FINISHED);
});

describe('a consultation', () => {
  const asked = () => lodged(sequence('q', consultation('hoi', land, finance), step('sau')));
  test('goes on when all have answered', () => {
    const at = asked();
    expect(blocks(at)).toEqual(['hoi @ H61.STNMT', 'hoi @ H61.STC']);
    expect(at.dossier.holder.code).toBe('H61.855.29542');
    expect(at.task('hoi').question).toBe('Có ý kiến gì?');
    at.complete('hoi', 'answered');
    expect(blocks(at)).toEqual(['hoi @ H61.STC']);
    at.complete('hoi');
    expect(blocks(at)).toEqual(['sau @ H61.855.29542']);
    expect(at.tasks.get(1)).toMatchObject({ outcome: 'answered', note: SECRET });
  });
  test.each<[string, Partial<Extract<Act, { kind: 'complete' }>>, string]>([
    ['another outcome', { outcome: 'dat' }, 'outcome OUTCOME_UNKNOWN'],
    ['results', { results: [result('giay-phep')] }, 'results RESULT_UNKNOWN'],
    ['data', { data: { floors: '2' } }, 'data DATA_NOT_EXPECTED'],
  ])('is answered without %s', (_, more, reason) => {
    const at = asked();
    const act: Act = { ...completing(''), ...more, taskNumber: 1 };
    expect(reasonOf(at, at.province.land.officer, act)).toBe(reason);
  });
});

describe('a sub-procedure', () => {
  const waiting = () => {
    const at = lodged(sequence('q', subProcedure('con', '1.000009'), step('sau')));
    expect(at.dossier.open).toMatchObject([
      { number: 1, kind: TaskKind.SUB_PROCEDURE, dueAt: null, lead: false },
    ]);
    return at;
  };
  test('draws the same id for its dossier whenever it is asked', () => {
    const at = waiting();
    expect(at.task('con').subDossierId).toBe(drawnId(at.dossier.id, 1));
    expect(drawnId(at.dossier.id, 1)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(drawnId(at.dossier.id, 2)).not.toBe(drawnId(at.dossier.id, 1));
  });
  test.each([
    [true, 'finished'],
    [false, 'refused'],
  ])('goes on when that has ended (finished: %s)', (finished, said) => {
    const at = waiting();
    at.tell(PLATFORM, { kind: 'sub-ended', taskNumber: 1, finished });
    expect(at.tasks.get(1)?.outcome).toBe(said);
    expect(blocks(at)).toEqual(['sau @ H61.855.29542']);
    expect(at.refusal(PLATFORM, { kind: 'sub-ended', taskNumber: 1, finished }).reason).toBe('TASK_CLOSED');
  });
  test('goes on while the dossier is paused, and what it opens waits', () => {
    const at = waiting();
    at.tell(at.province.commune.officer, { kind: 'stop', reason: SECRET });
    at.tell(PLATFORM, { kind: 'sub-ended', taskNumber: 1, finished: true });
    expect(at.task('sau').dueAt).toBeNull();
    at.now = vn('2026-01-20 08:00');
    at.tell(at.province.commune.officer, { kind: 'resume' });
    expect(at.task('sau').dueAt).toBe(vn('2026-01-21 17:00'));
  });
  test("is nobody's work, and only the platform tells of it", () => {
    const at = waiting();
    const { officer } = at.province.commune;
    for (const act of [{ kind: 'claim' } as const, completing()])
      expect(at.refusal(officer, { ...act, taskNumber: 1 }).reason).toBe('WAITS_FOR_DOSSIER');
    expect(at.refusal(officer, { kind: 'sub-ended', taskNumber: 1, finished: true }).reason).toBe(
      'PLATFORM_ONLY',
    );
  });
});
