import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { type Key, useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { heightsOf, monthsOf } from './trend.ts';

const WIDTH = 30;
const SERIES = [
  ['received', 'figures.received', 'bar-received'],
  ['finished', 'figures.finished', 'bar-finished'],
  ['onTime', 'figures.onTime', 'bar-on-time'],
] as const satisfies readonly (readonly [string, Key, string])[];

interface TrendChartProps {
  /** YYYY-MM-DD, both inclusive. */
  from: string;
  to: string;
}

/** What was received, finished and finished on time, month by month: bars, and the same as a table beside them. */
export function TrendChart({ from, to }: TrendChartProps) {
  const { t, language } = useText();
  const finished = useQuery(
    query('casework.v1.StatisticsService/GetStatistics', { from, to, groupBy: ['STATISTICS_GROUP_MONTH'] }),
  );
  const received = useQuery(query('casework.v1.StatisticsService/CountReceived', { from, to }));
  const error = finished.error ?? received.error;
  if (finished.data === undefined || received.data === undefined)
    return (
      <ProblemNote error={error} onRetry={() => void Promise.all([finished.refetch(), received.refetch()])} />
    );
  const months = monthsOf(from, to, finished.data.rows, received.data.months);
  const number = new Intl.NumberFormat(language);
  return (
    <section className="panel stack" aria-labelledby="trend">
      <h2 id="trend">{t('figures.trend')}</h2>
      <div className="columns columns-even">
        <div className="stack tight">
          <svg
            className="trend"
            viewBox={`0 0 ${months.length * WIDTH} 1000`}
            preserveAspectRatio="none"
            aria-hidden
          >
            {heightsOf(months).map((heights, i) =>
              heights.map((height, n) => (
                <rect
                  key={`${months[i]?.month} ${SERIES[n]?.[0]}`}
                  x={i * WIDTH + 3 + n * 8}
                  y={1_000 - height}
                  width={7}
                  height={height}
                  className={SERIES[n]?.[2]}
                />
              )),
            )}
          </svg>
          <p className="row small" aria-hidden>
            {SERIES.map(([name, key, className]) => (
              <span key={name} className="row tight">
                <svg className="swatch" viewBox="0 0 10 10" aria-hidden>
                  <rect width="10" height="10" className={className} />
                </svg>
                {t(key)}
              </span>
            ))}
          </p>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
        <section className="table-scroll" tabIndex={0} aria-label={t('figures.trendTable')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('figures.byMonth')}</th>
                {SERIES.map(([name, key]) => (
                  <th key={name} scope="col" className="number">
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {months.map((one) => (
                <tr key={one.month}>
                  <th scope="row">{monthText(one.month)}</th>
                  {SERIES.map(([name]) => (
                    <td key={name} className="number">
                      {number.format(one[name])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </section>
  );
}

/** "2026-03" → "3/2026"; the months 1 and 2 have a zero before them, as in dates. */
const monthText = (month: string): string => {
  const [year = '', number = ''] = month.split('-');
  return `${Number(number) <= 2 ? number : Number(number)}/${year}`;
};
