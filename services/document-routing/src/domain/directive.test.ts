import { AnswerState } from '@lienthong/contracts/routing';
import { expect, test } from 'vitest';
import { answerState } from './directive.ts';

test.each([
  ['2026-01-20', '2026-01-31', AnswerState.ON_TIME],
  ['2026-01-20', '2026-01-20', AnswerState.ON_TIME],
  ['2026-01-21', '2026-01-31', AnswerState.LATE],
  ['2026-01-25', '2026-01-20', AnswerState.WAITING],
  ['2026-01-25', '2026-01-21', AnswerState.OVERDUE],
  [undefined, '2026-01-20', AnswerState.WAITING],
  [undefined, '2026-01-21', AnswerState.OVERDUE],
])('due on 20 January, answered on %s, seen on %s', (answeredOn, at, state) => {
  expect(answerState('2026-01-20', answeredOn, at)).toBe(state);
});
