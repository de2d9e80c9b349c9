import type { routing } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing, Download } from 'lucide-react';
import { useState } from 'react';
import { ANSWER_STATES, answersOf, readAnswers } from '../../api/answers.ts';
import { type Problem, problemOf } from '../../api/problem.ts';
import { dateText, vietnamTime } from '../../text/dates.ts';
import { numberOf } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';
import { AnswerCounts } from '../../ui/answer-counts.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { saveCsv } from '../../ui/save-csv.ts';

const LATE = ['ANSWER_STATE_OVERDUE', 'ANSWER_STATE_LATE'] as const;

/** Who has answered a directive, and who has not: those that are late by name. */
export function DirectiveAnswers({ document }: { document: routing.Document }) {
  const { t, language } = useText();
  const { data, error, refetch } = useQuery(answersOf(document.id, LATE));
  const [problem, setProblem] = useState<Problem>();

  async function save(): Promise<void> {
    setProblem(undefined);
    try {
      const answers = await readAnswers(document.id, []);
      const rows = answers.map(({ delivery, state }) => {
        const key = ANSWER_STATES.find(([of]) => of === state)?.[1];
        const at = delivery?.answeredAt;
        return [
          delivery?.holder?.name ?? '',
          key === undefined ? '' : t(key),
          at === undefined ? '' : dateText(vietnamTime(new Date(at)).date, language),
        ];
      });
      const head = [t('document.toPlaces'), t('answers.state'), t('answers.at')];
      saveCsv(`tra-loi ${numberOf(document).replaceAll('/', '-')}`, [head, ...rows]);
    } catch (failed) {
      setProblem(problemOf(failed));
    }
  }

  return (
    <section className="panel stack" aria-labelledby="answers">
      <h2 id="answers">{t('answers.title')}</h2>
      <ProblemNote error={error ?? problem} onRetry={() => void refetch()} />
      {data !== undefined && <AnswerCounts counts={data} />}
      {ANSWER_STATES.slice(0, 2).map(([state, key]) => {
        const names = (data?.answers ?? [])
          .filter((answer) => answer.state === state)
          .map(({ delivery }) => delivery?.holder?.name ?? '');
        return (
          names.length > 0 && (
            <p key={key}>
              <strong>{t(key)}:</strong> {names.join('; ')}
              {data?.nextPageToken !== '' && '; …'}
            </p>
          )
        );
      })}
      <div className="row no-print">
        {data !== undefined && data.overdue + data.waiting > 0 && (
          <Link className="button" to="/soan" search={{ nhac: document.id }}>
            <BellRing size={16} className="icon" aria-hidden />
            {t('answers.remind')}
          </Link>
        )}
        <button type="button" className="button" onClick={() => void save()}>
          <Download size={16} className="icon" aria-hidden />
          CSV
        </button>
      </div>
    </section>
  );
}
