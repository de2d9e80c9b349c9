import { AnswerState, DeliveryState, SteeringType } from '@lienthong/contracts/routing';
import { enumField, field, manyOf, type Refusal, refuse, vietnamDate } from '@lienthong/kit';
import { z } from 'zod';
import { notTheSender } from '../domain/access.ts';
import { toDelivery } from '../domain/delivery-record.ts';
import { answerState } from '../domain/directive.ts';
import { readDeliveries } from '../store/read-document.ts';
import { type DeliveryRow, issuerOf, toRecord } from '../store/rows.ts';
import { list, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { codeAndId } from './list-deliveries.ts';
import { participation } from './participation.ts';

const MAX_RECIPIENTS = 5000;

/** A recipient who refused the directive, or no longer has it, is not expected to answer. */
const isExpected = (row: DeliveryRow): boolean =>
  row.answered_by_id !== null || row.state === DeliveryState.OPEN || row.state === DeliveryState.DONE;

export const listDirectiveAnswers = list(Routing.listDirectiveAnswers, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({
    documentId: field.uuid,
    at: field.optionalDate,
    states: manyOf(enumField(AnswerState), 10),
  }),
  cursor: codeAndId,
  handle: async ({ documentId, at, states, page }, context, deps) => {
    const { document, sender } = await participation(deps, context, documentId);
    if (!sender) return refuse(notTheSender);
    if (document.steering !== SteeringType.DIRECTIVE) return refuse(notADirective);

    const date = at || context.today;
    const dueOn = document.due_on ?? '';
    const answers = (await readDeliveries(deps.db, documentId, undefined, undefined, MAX_RECIPIENTS))
      .filter(isExpected)
      .map((row) => ({
        row,
        state: answerState(dueOn, row.answered_at ? vietnamDate(row.answered_at) : undefined, date),
      }));
    const count = (state: AnswerState) => answers.filter((one) => one.state === state).length;
    const { after } = page;
    const selected = answers.filter(
      ({ row, state }) =>
        (states.length === 0 || states.some((one) => one === state)) &&
        (after === undefined || isAfter(row, after)),
    );
    const issuer = issuerOf(document);
    return page.cut(
      selected,
      ({ row }) => [row.addressed_to_code, row.id],
      (page, nextPageToken) => ({
        answers: page.map(({ row, state }) => ({ delivery: toDelivery(toRecord(row, issuer)), state })),
        nextPageToken,
        onTime: count(AnswerState.ON_TIME),
        late: count(AnswerState.LATE),
        waiting: count(AnswerState.WAITING),
        overdue: count(AnswerState.OVERDUE),
      }),
    );
  },
});

const isAfter = (row: DeliveryRow, [code, id]: readonly [string, string]): boolean =>
  row.addressed_to_code === code ? row.id > id : row.addressed_to_code > code;

const notADirective: Refusal = {
  kind: 'failed-precondition',
  reason: 'NOT_A_DIRECTIVE',
  message: 'the document is not a directive; only a directive has answers',
};
