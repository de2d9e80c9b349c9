import { DossierStatus, TaskState } from '@lienthong/contracts/casework';
import { type Block, DataType, Effect, Join } from '@lienthong/contracts/registry';
import { choice, dataField, holderOf, outcome, parallel, sequence, step } from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import {
  type Act,
  blocksOf,
  completing,
  createScenario,
  DIGEST,
  reasonOf,
  result,
  type Scenario,
  SECRET,
  vn,
} from '../../../test/support/scenario.ts';

const land = holderOf('land');
const building = fourSteps();

function lodged(
  root: Block,
  more: Parameters<typeof procedure>[1] = {},
  data: Record<string, string> = {},
): Scenario {
  const given = procedure(root, more);
  const at = createScenario([given]);
  at.lodge(given, { data });
  return at;
}

describe('a sequence of steps', () => {
  test('goes to the performer of each step, and ends with the result', () => {
    const at = createScenario([building]);
    at.lodge(building);
    expect(blocksOf(at)).toEqual(['tiep-nhan @ H61.855.29542']);
    at.complete('tiep-nhan');
    expect(blocksOf(at)).toEqual(['tham-dinh @ H61.STNMT']);
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
      const at = createScenario([building]);
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

  test('the cutoff applies to work from another agency, not to work that stays', () => {
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
    const at = createScenario([building]);
    at.lodge(building);
    at.complete('tiep-nhan');
    return at;
  };
  const act = (taskNumber: number, more = {}, outcomeKey = 'dat'): Act => ({
    ...completing(outcomeKey, more),
    taskNumber,
  });

  test.each<[string, (at: Scenario) => [Parameters<Scenario['refusal']>[0], Act], string]>([
    ['wrong outcome', (at) => [at.province.land.officer, act(2, {}, 'tuyet-voi')], 'outcome OUTCOME_UNKNOWN'],
    ['no outcome of several', (at) => [at.province.land.officer, act(2, {}, '')], 'outcome OUTCOME_REQUIRED'],
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

  test('a task assigned to another officer, unless the caller is a leader', () => {
    const at = started();
    const { officer, colleague, head } = at.province.land;
    at.carryOut(officer, { kind: 'claim', taskNumber: 2 });
    expect(reasonOf(at, colleague, act(2))).toBe('NOT_ASSIGNED_TO_YOU');
    at.carryOut(head, act(2));
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
    at.carryOut(officer, sign(result('giay-phep', { sha256: '' })));
  });
});

test('a refusing outcome ends the dossier with its reason and cancels other open tasks', () => {
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

test('data that an officer enters decide a choice', () => {
  const at = lodged(
    sequence(
      'q',
      step('do'),
      choice('c', [['data.area_m2 > 500.0', step('lon', { performer: land })]], step('nho')),
    ),
    { data: [dataField('area_m2', DataType.NUMBER)] },
  );
  expect(reasonOf(at, at.province.commune.officer, { ...completing(), taskNumber: 1 })).toBe(
    'CONDITION_FAILED',
  );
  at.complete('do', '', { data: { area_m2: '500.5' } });
  expect(blocksOf(at)).toEqual(['lon @ H61.STNMT']);
  expect(at.dossier.data).toEqual({ area_m2: '500.5' });
});

test('an officer changes one row, empties one, and learns what no longer fits', () => {
  const named = (value: string, ...onlyFor: string[]) => ({ value, label: value, onlyFor });
  const at = lodged(
    sequence('s', step('mot'), step('hai')),
    {
      data: [
        dataField('kind', DataType.CHOICE, { choices: [named('child'), named('elder')] }),
        dataField('household', DataType.GROUP, {
          maxRows: 3,
          fields: [
            dataField('name', DataType.TEXT, { required: true }),
            dataField('relief', DataType.CHOICE, {
              choices: [named('low'), named('high', 'elder')],
              dependsOn: 'kind',
            }),
          ],
        }),
      ],
    },
    { kind: 'elder', 'household[0].name': 'A', 'household[1].name': 'B', 'household[1].relief': 'high' },
  );
  const { officer } = at.province.commune;
  const changing = (data: Record<string, string>) => ({ ...completing('', { data }), taskNumber: 1 });
  expect(reasonOf(at, officer, changing({ kind: 'child' }))).toBe('data.household[1].relief DATA_INVALID');
  expect(reasonOf(at, officer, changing({ 'household[1].name': '' }))).toBe(
    'data.household[1].name DATA_INVALID',
  );
  at.carryOut(officer, changing({ 'household[0].name': '', 'household[1].name': 'Bình' }));
  expect(at.dossier.data).toEqual({
    kind: 'elder',
    'household[0].name': 'Bình',
    'household[0].relief': 'high',
  });
});

test('an address is kept by the code that its unit has today', () => {
  const at = lodged(
    step('mot'),
    { data: [dataField('home', DataType.ADDRESS)] },
    { 'home.unit': 'H61.855.29542', 'home.detail': 'Ấp An Thạnh' },
  );
  expect(at.dossier.data).toEqual({ 'home.unit': 'H61.855.29542', 'home.detail': 'Ấp An Thạnh' });
  const moving = { ...completing('', { data: { 'home.unit': 'H61.1' } }), taskNumber: 1 };
  expect(reasonOf(at, at.province.commune.officer, moving)).toBe('data.home.unit DATA_INVALID');
});

test('a result is data as well, and events carry only what the procedure lets into them', () => {
  const licence = {
    key: 'giay-phep',
    name: 'Giấy phép',
    data: [
      dataField('number', DataType.TEXT, { pattern: '[0-9]+/GP', inEvents: true }),
      dataField('holder', DataType.TEXT, { required: true }),
      dataField('area', DataType.NUMBER),
    ],
  };
  const at = lodged(step('ky', { produces: ['giay-phep'] }), { results: [licence] });
  const made = (data: Record<string, string>) => ({
    ...completing('', { results: [result('giay-phep', { sha256: '', number: '', data })] }),
    taskNumber: 1,
  });
  const { officer } = at.province.commune;
  const wrong = at.refusal(officer, made({ number: '7', area: '1.000', other: 'x' }));
  expect(wrong.violations?.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
    'results[0].data.other DATA_FIELD_UNKNOWN',
    'results[0].data.number DATA_PATTERN_MISMATCH',
    'results[0].data.holder DATA_MISSING',
    'results[0].data.area DATA_NUMBER_AMBIGUOUS',
  ]);
  at.carryOut(officer, made({ number: '7/GP', holder: SECRET }));
  expect(at.dossier.results).toMatchObject([
    { key: 'giay-phep', name: 'Giấy phép', data: { number: '7/GP', holder: SECRET } },
  ]);
  const carrying = at.events.filter(({ payload }) => 'results' in payload);
  expect(carrying.map(({ type }) => type)).toEqual([
    'lienthong.casework.v1.TaskClosed',
    'lienthong.casework.v1.DossierFinished',
  ]);
  for (const { payload } of carrying)
    expect(payload).toMatchObject({ results: [{ key: 'giay-phep', data: { number: '7/GP' } }] });
});
