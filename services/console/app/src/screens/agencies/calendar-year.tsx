import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { dateText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** The days of a year that differ from the week: days off, and those worked instead. */
export function CalendarYear({ year }: { year: number }) {
  const { t, language } = useText();
  const { data, error, refetch } = useQuery(query('directory.v1.CalendarService/GetCalendarYear', { year }));
  const found = data?.year;
  return (
    <section className="panel stack" aria-labelledby="calendar">
      <h2 id="calendar">{t('calendar.title', { year: String(year) })}</h2>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {found?.provisional === true && <p className="note note-warn">{t('calendar.provisional')}</p>}
      <ul className="stack tight">
        {found?.days.map(({ from, to, name, nameEn, worked, source }) => (
          <li key={from}>
            <p>
              <strong className="number">
                {[from, to]
                  .filter(Boolean)
                  .map((date) => dateText(date, language))
                  .join(' – ')}
              </strong>{' '}
              {(language === 'en' && nameEn) || name}{' '}
              {worked !== undefined && <span className="badge badge-warn">{t('calendar.worked')}</span>}
            </p>
            <p className="small muted">{source}</p>
          </li>
        ))}
      </ul>
      {found !== undefined && <p className="small muted">{found.legalBasis}</p>}
    </section>
  );
}
