import { randomUUID } from 'node:crypto';
import { Status } from '@lienthong/client';
import type { DeepPartial, Transition, TransitionOutcome } from '@lienthong/contracts/casework';
import { refusalOf } from '@lienthong/testkit';
import { sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const twoSteps = procedure(sequence('s', step('mot'), step('hai')));

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(twoSteps);
});
afterAll(() => world.stop());

const officer = () => world.as(p.commune.officer).casework;
const lodge = (n: number) =>
  Promise.all(
    Array.from({ length: n }, async () => (await officer().lodgeDossier(lodging(twoSteps))).dossierId),
  );
const complete = (dossierId: string, taskNumber = 1): DeepPartial<Transition> => ({
  transition: { $case: 'complete', value: { requestId: randomUUID(), dossierId, taskNumber } },
});
const transit = async (transitions: DeepPartial<Transition>[]) =>
  (await officer().transitMany({ transitions })).outcomes;
const refusalIn = ({ outcome }: TransitionOutcome) =>
  outcome?.$case === 'refused' ? [outcome.value.code, outcome.value.reason] : outcome?.$case;

test('500 transitions at once have a result each', async () => {
  const ids = await lodge(500);
  const outcomes = await transit(ids.map((id) => complete(id)));
  expect(outcomes.map(refusalIn)).toEqual(ids.map(() => 'done'));
  for (const [i, { outcome }] of outcomes.entries())
    expect(outcome).toMatchObject({ value: { dossierId: ids[i], openTasks: [2] } });
});

test('a refused transition leaves the others alone', async () => {
  const [one = '', two = '', three = '', four = ''] = await lodge(4);
  const stranger = randomUUID();
  const outcomes = await transit([
    complete(one),
    complete(stranger),
    complete(two, 7),
    {},
    { transition: { $case: 'refuse', value: { requestId: randomUUID(), dossierId: two, reason: '' } } },
    { transition: { $case: 'claim', value: { requestId: randomUUID(), dossierId: three, taskNumber: 1 } } },
    {
      transition: {
        $case: 'assign',
        value: { requestId: randomUUID(), dossierId: three, taskNumber: 1, officerId: p.commune.head.id },
      },
    },
    complete(four),
  ]);
  expect(outcomes.map(refusalIn)).toEqual([
    'done',
    [Status.NOT_FOUND, 'DOSSIER_UNKNOWN'],
    [Status.NOT_FOUND, 'TASK_UNKNOWN'],
    [Status.INVALID_ARGUMENT, 'FIELD_REQUIRED'],
    [Status.INVALID_ARGUMENT, 'FIELD_REQUIRED'],
    'done',
    [Status.PERMISSION_DENIED, 'LEADER_REQUIRED'],
    'done',
  ]);
  const { outcome } = outcomes[4] ?? {};
  expect(outcome).toMatchObject({ value: { message: 'reason: must not be empty' } });
});

test('every transition can be among them', async () => {
  const [one = '', two = ''] = await lodge(2);
  const on = (dossierId: string) => ({ requestId: randomUUID(), dossierId });
  const task = { ...on(one), taskNumber: 1 };
  const dueAt = new Date('2026-01-20T10:00:00Z');
  const later = new Date('2026-12-01T10:00:00Z');
  const named: NonNullable<DeepPartial<Transition>['transition']>[] = [
    { $case: 'requestSupplement', value: { ...on(one), content: 'thiếu bản vẽ' } },
    { $case: 'receiveSupplement', value: on(one) },
    { $case: 'requestPayment', value: { ...on(one), amountVnd: 75_000n, content: 'Lệ phí' } },
    { $case: 'recordPayment', value: { ...on(one), amountVnd: 75_000n, receipt: 'BL 1' } },
    { $case: 'stop', value: { ...on(one), reason: 'Chờ kết luận' } },
    { $case: 'resume', value: on(one) },
    { $case: 'extend', value: { ...on(one), dueAt: later, reason: 'Đo đạc lại' } },
    {
      $case: 'requestConsultation',
      value: { ...task, requestId: randomUUID(), agencyIds: [p.finance.agency.id], question: 'Hỏi', dueAt },
    },
    { $case: 'returnTask', value: { ...task, requestId: randomUUID(), reason: 'Sai' } },
    { $case: 'withdraw', value: { ...on(two), reason: 'Không còn nhu cầu' } },
  ];
  // One after the other: they change one dossier.
  const results: unknown[] = [];
  for (const transition of named) {
    const outcomes = (await officer().transitMany({ transitions: [{ transition }] })).outcomes;
    results.push(...outcomes.map(refusalIn));
  }
  expect(results).toEqual([
    ...Array(8).fill('done'),
    [Status.FAILED_PRECONDITION, 'RETURN_NOT_ALLOWED'],
    'done',
  ]);
});

test('a transition that is sent again, alone or with others, gets its first reply', async () => {
  const [one = '', two = ''] = await lodge(2);
  const transitions = [complete(one), complete(two)];
  const first = await transit(transitions);
  expect(await transit(transitions)).toEqual(first);
  const [again] = transitions;
  if (again?.transition?.$case !== 'complete') throw new Error('no completion');
  const { standing } = await officer().completeTask(again.transition.value ?? {});
  expect({ outcome: { $case: 'done', value: standing } }).toEqual(first[0]);
  expect((await dossierOf(world.as(p.commune.clerk), one)).tasks).toHaveLength(2);
});

test('two transitions of one dossier both succeed', async () => {
  const [id = ''] = await lodge(1);
  const outcomes = await transit([complete(id, 1), complete(id, 2)]);
  expect(outcomes.map(refusalIn)).toEqual(['done', 'done']);
});

test('none, or more than 500, are refused as a whole', async () => {
  const [id = ''] = await lodge(1);
  expect(await refusalOf(transit([]))).toMatchObject({ violations: ['transitions FIELD_REQUIRED'] });
  const many = Array.from({ length: 501 }, () => complete(id));
  expect(await refusalOf(transit(many))).toMatchObject({ violations: ['transitions TOO_MANY'] });
});
