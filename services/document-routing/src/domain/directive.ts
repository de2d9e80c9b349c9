import { AnswerState } from '@lienthong/contracts/routing';

/**
 * Where the answer to a directive stands at the end of a date.
 * @param answeredOn the date of the first report that answers it, undefined when there is none.
 */
export function answerState(dueOn: string, answeredOn: string | undefined, at: string): AnswerState {
  if (answeredOn !== undefined && answeredOn <= at)
    return answeredOn <= dueOn ? AnswerState.ON_TIME : AnswerState.LATE;
  return at <= dueOn ? AnswerState.WAITING : AnswerState.OVERDUE;
}
