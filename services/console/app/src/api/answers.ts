import type { routing } from '@lienthong/contracts/json';
import type { Key } from '../text/text.tsx';
import { call } from './call.ts';
import { query } from './query-client.ts';

const PAGE = 200;

/** The worst first. */
export const ANSWER_STATES = [
  ['ANSWER_STATE_OVERDUE', 'answers.overdue'],
  ['ANSWER_STATE_LATE', 'answers.late'],
  ['ANSWER_STATE_WAITING', 'answers.waiting'],
  ['ANSWER_STATE_ON_TIME', 'answers.onTime'],
] as const satisfies readonly (readonly [routing.AnswerState, Key])[];

/** The counts of a directive's answers, and the first ones in some states; none: all. */
export const answersOf = (documentId: string, states: readonly routing.AnswerState[], pageSize = PAGE) =>
  query('routing.v1.DocumentRoutingService/ListDirectiveAnswers', { documentId, states, pageSize });

/** All answers of a directive in some states. Throws Problem. */
export async function readAnswers(
  documentId: string,
  states: readonly routing.AnswerState[],
  signal?: AbortSignal,
): Promise<routing.DirectiveAnswer[]> {
  const answers: routing.DirectiveAnswer[] = [];
  for (let pageToken = ''; ; ) {
    const page = await call(
      'routing.v1.DocumentRoutingService/ListDirectiveAnswers',
      { documentId, states, pageSize: PAGE, pageToken },
      signal,
    );
    answers.push(...page.answers);
    pageToken = page.nextPageToken;
    if (pageToken === '') return answers;
  }
}
