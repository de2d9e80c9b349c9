import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { durationText } from './bars.ts';
import { shortName, Waterfall } from './waterfall.tsx';

const route = getRouteApi('/van-hanh/hanh-trinh/$code');
const METHOD = 'traces.v1.TraceService/GetJourney';

/** All that is kept of a dossier, over weeks: each command with its spans. */
export function Journey() {
  const { t, language } = useText();
  const { code } = route.useParams();
  const list = useInfiniteQuery({
    queryKey: ['traces', METHOD, code],
    queryFn: ({ pageParam, signal }) =>
      call(METHOD, { dossierCode: code, pageSize: 20, pageToken: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const found = list.data?.pages.flatMap((page) => page.traces) ?? [];
  return (
    <Screen title={t('traces.journeyOf', { code })}>
      <ProblemNote error={found.length === 0 ? list.error : null} onRetry={() => void list.refetch()} />
      {list.isPending && <p className="empty">{t('list.loading')}</p>}
      {list.isSuccess && found.length === 0 && <p className="empty panel">{t('traces.none')}</p>}
      <ol className="timeline">
        {found.map(({ summary, spans }) =>
          summary === undefined ? null : (
            <li key={summary.traceId} data-tone={summary.failedSpans > 0 ? 'danger' : undefined}>
              <details>
                <summary>
                  {shortName(summary.name)}
                  <span className="small muted">
                    {' '}
                    {summary.startedAt === undefined ? '' : momentText(new Date(summary.startedAt), language)}
                    {' · '}
                    {durationText(Number(summary.durationUs), language)}
                  </span>
                </summary>
                <Waterfall spans={spans} />
                <Link to="/van-hanh/vet/$traceId" params={{ traceId: summary.traceId }}>
                  {t('traces.whole')}
                </Link>
              </details>
            </li>
          ),
        )}
      </ol>
      {list.hasNextPage && (
        <div>
          <button type="button" className="button" onClick={() => void list.fetchNextPage()}>
            {t(list.isFetchingNextPage ? 'list.loading' : 'list.more')}
          </button>
        </div>
      )}
    </Screen>
  );
}
