import {
  AnswerState,
  DeliveryState,
  type ListDirectiveAnswersRequest,
  type ListDirectiveAnswersResponse,
  SteeringType,
} from '@lienthong/contracts/routing';
import {
  type CallInfo,
  callerOf,
  cursorIn,
  enumField,
  field,
  instant,
  manyOf,
  pageFields,
  pageOf,
  parse,
  type Refusal,
  refuse,
  vietnamDate,
} from '@lienthong/kit';
import { z } from 'zod';
import { notTheSender } from '../domain/access.ts';
import { toDelivery } from '../domain/delivery.ts';
import { answerState } from '../domain/directive.ts';
import { readDeliveries } from '../store/read-document.ts';
import { type DeliveryRow, issuerOf, toRecord } from '../store/rows.ts';
import type { Edge } from './edge.ts';
import { codeAndId } from './list-deliveries.ts';
import { participation } from './participation.ts';

const schema = z.object({
  documentId: field.uuid,
  at: field.optionalDate,
  states: manyOf(enumField(AnswerState), 10),
  ...pageFields,
});

const MOST_RECIPIENTS = 5000;

/** Who refused the directive, or no longer has it, is not expected to answer. */
const isExpected = (row: DeliveryRow): boolean =>
  row.answered_by_id !== null || row.state === DeliveryState.OPEN || row.state === DeliveryState.DONE;

export function listDirectiveAnswers(edge: Edge) {
  return async (
    request: ListDirectiveAnswersRequest,
    info: CallInfo,
  ): Promise<ListDirectiveAnswersResponse> => {
    const callerId = callerOf(info);
    const { documentId, at, states, pageSize, pageToken } = parse(schema, request);
    const paging = { kind: 'answers', cursor: codeAndId, filter: [callerId, documentId, at, states] };
    const cursor = cursorIn(paging, pageToken);
    const { document, sender } = await participation(edge, callerId, documentId);
    if (!sender) return refuse(notTheSender);
    if (document.steering !== SteeringType.DIRECTIVE) return refuse(notADirective);

    const date = at || instant(edge.clock).today;
    const dueOn = document.due_on ?? '';
    const answers = (await readDeliveries(edge.db, documentId, undefined, undefined, MOST_RECIPIENTS))
      .filter(isExpected)
      .map((row) => ({
        row,
        state: answerState(dueOn, row.answered_at ? vietnamDate(row.answered_at) : undefined, date),
      }));
    const count = (state: AnswerState) => answers.filter((one) => one.state === state).length;
    const wanted = answers.filter(
      ({ row, state }) =>
        (states.length === 0 || states.some((one) => one === state)) &&
        (cursor === undefined || isAfter(row, cursor)),
    );
    const { page, nextPageToken } = pageOf(paging, wanted, pageSize, ({ row }) => [
      row.addressed_to_code,
      row.id,
    ]);
    const issuer = issuerOf(document);
    return {
      answers: page.map(({ row, state }) => ({ delivery: toDelivery(toRecord(row, issuer)), state })),
      nextPageToken,
      onTime: count(AnswerState.ON_TIME),
      late: count(AnswerState.LATE),
      waiting: count(AnswerState.WAITING),
      overdue: count(AnswerState.OVERDUE),
    };
  };
}

const isAfter = (row: DeliveryRow, [code, id]: readonly [string, string]): boolean =>
  row.addressed_to_code === code ? row.id > id : row.addressed_to_code > code;

const notADirective: Refusal = {
  kind: 'failed-precondition',
  reason: 'NOT_A_DIRECTIVE',
  message: 'the document is no directive; only a directive has answers',
};
