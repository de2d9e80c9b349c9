import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { dateText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { type Ending, endingsOf, type Plan } from './reorganisation.ts';

const PAGE = 200;

interface Moving extends Ending {
  deliveries: number;
  dossiers: number;
  tasks: number;
  officers: number;
}

/** What is open at the agencies that end, and who works there: it moves to the successor on the day. */
export function Preview({ plan }: { plan: Plan }) {
  const { t, language } = useText();
  const endings = endingsOf(plan);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['directory', 'moving', endings] as const,
    staleTime: 0,
    queryFn: ({ signal }) => readMoving(endings, signal),
  });
  const number = new Intl.NumberFormat(language);
  return (
    <>
      <p>{t('reorganise.on', { date: dateText(plan.effectiveOn, language), basis: plan.legalBasis })}</p>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {isPending && <p className="empty">{t('list.loading')}</p>}
      {data !== undefined && data.length === 0 && <p className="note">{t('reorganise.nothingMoves')}</p>}
      {data !== undefined && data.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section className="table-scroll" tabIndex={0} aria-label={t('reorganise.moving')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('reorganise.ends')}</th>
                {(['deliveries', 'dossiers', 'tasks', 'officers'] as const).map((name) => (
                  <th key={name} scope="col" className="number">
                    {t(`reorganise.${name}`)}
                  </th>
                ))}
                <th scope="col">{t('reorganise.to')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map(({ agencyId, name, successor, ...counts }) => (
                <tr key={agencyId}>
                  <th scope="row">{name}</th>
                  {(['deliveries', 'dossiers', 'tasks', 'officers'] as const).map((one) => (
                    <td key={one} className="number">
                      {number.format(counts[one])}
                    </td>
                  ))}
                  <td>{successor || <span className="badge badge-danger">{t('reorganise.nobody')}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

async function readMoving(endings: readonly Ending[], signal: AbortSignal): Promise<Moving[]> {
  const agencyIds = endings.map(({ agencyId }) => agencyId);
  if (agencyIds.length === 0) return [];
  const [work, deliveries, officers] = await Promise.all([
    call('casework.v1.WorkOperationsService/CountOpenWork', { agencyIds }, signal),
    call('routing.v1.DocumentOperationsService/CountOpenDeliveries', { agencyIds }, signal),
    Promise.all(agencyIds.map((agencyId) => countOfficers(agencyId, signal))),
  ]);
  return endings.map((ending, i) => {
    const open = work.agencies.find(({ agencyId }) => agencyId === ending.agencyId);
    const sent = deliveries.agencies.find(({ agencyId }) => agencyId === ending.agencyId);
    return {
      ...ending,
      deliveries: Number(sent?.deliveries ?? 0),
      dossiers: Number(open?.dossiers ?? 0),
      tasks: Number(open?.tasks ?? 0),
      officers: officers[i] ?? 0,
    };
  });
}

async function countOfficers(agencyId: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (let pageToken = ''; ; ) {
    const page = await call(
      'directory.v1.AgencyDirectoryService/ListOfficers',
      { agencyId, pageSize: PAGE, pageToken },
      signal,
    );
    count += page.officers.length;
    pageToken = page.nextPageToken;
    if (pageToken === '') return count;
  }
}
