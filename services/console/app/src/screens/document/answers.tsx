import type { routing } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { type Key, useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

const STATES = [
  ['overdue', 'ANSWER_STATE_OVERDUE', 'answers.overdue', 'badge-danger'],
  ['late', 'ANSWER_STATE_LATE', 'answers.late', 'badge-warn'],
  ['waiting', 'ANSWER_STATE_WAITING', 'answers.waiting', ''],
  ['onTime', 'ANSWER_STATE_ON_TIME', 'answers.onTime', 'badge-good'],
] as const satisfies readonly (readonly [string, routing.AnswerState, Key, string])[];
const SHOWN = 200;

/** Who has answered a directive, and who has not: those that are overdue first, by name. */
export function DirectiveAnswers({ documentId }: { documentId: string }) {
  const { t } = useText();
  const { data, error, refetch } = useQuery(
    query('routing.v1.DocumentRoutingService/ListDirectiveAnswers', { documentId, pageSize: SHOWN }),
  );
  return (
    <section className="panel stack" aria-labelledby="answers">
      <h2 id="answers">{t('answers.title')}</h2>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {data !== undefined && (
        <div className="row">
          {STATES.map(([field, , key, tone]) => (
            <span key={key} className={`badge ${tone}`}>{`${t(key)}: ${data[field]}`}</span>
          ))}
        </div>
      )}
      {data !== undefined &&
        STATES.slice(0, 2).map(([, state, key]) => {
          const names = data.answers
            .filter((answer) => answer.state === state)
            .map(({ delivery }) => delivery?.holder?.name ?? '');
          return (
            names.length > 0 && (
              <p key={key}>
                <strong>{t(key)}:</strong> {names.join('; ')}
              </p>
            )
          );
        })}
    </section>
  );
}
