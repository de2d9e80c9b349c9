import type { casework } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { query } from '../../api/query-client.ts';
import { today } from '../../text/dates.ts';
import { type Key, useText } from '../../text/text.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { saveCsv } from '../../ui/save-csv.ts';
import { Screen } from '../../ui/screen.tsx';
import { TrendChart } from './trend-chart.tsx';

const route = getRouteApi('/so-lieu');

const GROUPS = {
  'co-quan': { key: 'figures.byAgency', group: 'STATISTICS_GROUP_AGENCY' },
  'thu-tuc': { key: 'figures.byProcedure', group: 'STATISTICS_GROUP_PROCEDURE' },
  thang: { key: 'figures.byMonth', group: 'STATISTICS_GROUP_MONTH' },
} as const satisfies Record<string, { key: Key; group: casework.StatisticsGroup }>;
type Group = keyof typeof GROUPS;
const isGroup = (text: string | undefined): text is Group =>
  text !== undefined && Object.hasOwn(GROUPS, text);

const COLUMNS = [
  ['finished', 'figures.finished'],
  ['onTime', 'figures.onTime'],
  ['overdue', 'figures.overdue'],
  ['extended', 'figures.extended'],
  ['refused', 'figures.refused'],
] as const satisfies readonly (readonly [keyof casework.StatisticsRow, Key])[];

/** Dossiers that were finished in a period: on time and overdue, per agency, procedure or month. */
export function Figures() {
  const { t, language } = useText();
  const search = route.useSearch();
  const navigate = useNavigate();
  const now = today();
  const from = search.tu ?? `${now.slice(0, 4)}-01-01`;
  const to = search.den ?? now;
  const by: Group = isGroup(search.theo) ? search.theo : 'co-quan';
  const found = useQuery(
    query('casework.v1.StatisticsService/GetStatistics', { from, to, groupBy: [GROUPS[by].group] }),
  );
  const rows = (found.data?.rows ?? []).toSorted((a, b) => b.overdue - a.overdue || b.finished - a.finished);
  const change = (more: typeof search) => void navigate({ to: '/so-lieu', search: { ...search, ...more } });
  const nameOf = ({ agencyName, procedureCode, month }: casework.StatisticsRow) =>
    agencyName || procedureCode || month;
  const share = ({ finished, onTime }: casework.StatisticsRow) =>
    finished === 0 ? '' : new Intl.NumberFormat(language, { style: 'percent' }).format(onTime / finished);
  const hours = ({ meanMinutes }: casework.StatisticsRow) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(meanMinutes / 60);

  function save(): void {
    const head = [
      t(GROUPS[by].key),
      ...COLUMNS.map(([, key]) => t(key)),
      t('figures.share'),
      t('figures.hours'),
    ];
    const lines = rows.map((row) => [
      nameOf(row),
      ...COLUMNS.map(([name]) => row[name]),
      share(row),
      hours(row),
    ]);
    saveCsv(`so-lieu-${from}-${to}`, [head, ...lines]);
  }

  return (
    <Screen
      title={t('figures.title')}
      actions={
        <button type="button" className="button" onClick={save} disabled={rows.length === 0}>
          <Download size={16} className="icon" aria-hidden />
          CSV
        </button>
      }
    >
      <div className="filters no-print">
        <TextField
          label={t('figures.from')}
          type="date"
          value={from}
          onChange={(event) => change({ tu: event.target.value || undefined })}
        />
        <TextField
          label={t('figures.to')}
          type="date"
          value={to}
          onChange={(event) => change({ den: event.target.value || undefined })}
        />
        <SelectField
          label={t('figures.by')}
          value={by}
          onChange={(event) => change({ theo: event.target.value })}
        >
          {Object.entries(GROUPS).map(([group, { key }]) => (
            <option key={group} value={group}>
              {t(key)}
            </option>
          ))}
        </SelectField>
      </div>
      <TrendChart from={from} to={to} />
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <p className="empty">{t('list.loading')}</p>}
      {found.isSuccess && rows.length === 0 && <p className="empty panel">{t('figures.none')}</p>}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section className="panel table-scroll" tabIndex={0} aria-label={t('figures.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t(GROUPS[by].key)}</th>
                {COLUMNS.map(([name, key]) => (
                  <th key={name} scope="col" className="number">
                    {t(key)}
                  </th>
                ))}
                <th scope="col" className="number">
                  {t('figures.share')}
                </th>
                <th scope="col" className="number">
                  {t('figures.hours')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.agencyId} ${row.procedureCode} ${row.procedureVersion} ${row.month}`}>
                  <th scope="row">{nameOf(row)}</th>
                  {COLUMNS.map(([name]) => (
                    <td key={name} className="number">
                      {row[name]}
                    </td>
                  ))}
                  <td className="number">{share(row)}</td>
                  <td className="number">{hours(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Screen>
  );
}
