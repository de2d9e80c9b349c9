import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';
import { durationText } from './bars.ts';
import { shortName, Waterfall } from './waterfall.tsx';

const route = getRouteApi('/van-hanh/hanh-trinh/$code');
const METHOD = 'traces.v1.TraceService/GetJourney';
/** The id of a document; codes of dossiers are of another form. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** All that is kept of a dossier or document, over weeks: each command with its spans. */
export function Journey() {
  const { t, language } = useText();
  const { code } = route.useParams();
  const isDocument = UUID.test(code);
  const subject = isDocument ? { documentId: code } : { dossierCode: code };
  const title = t(isDocument ? 'traces.journeyOfId' : 'traces.journeyOf', { code });
  const list = useInfiniteQuery({
    queryKey: ['traces', METHOD, code],
    queryFn: ({ pageParam, signal }) =>
      call(METHOD, { ...subject, pageSize: 20, pageToken: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const found = list.data?.pages.flatMap((page) => page.traces) ?? [];
  return (
    <Screen title={title}>
      <InfiniteList pages={list} items={found} empty={t('traces.none')}>
        {({ summary, spans }) =>
          summary === undefined ? null : (
            <li key={summary.traceId} className="item">
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
              {summary.failedSpans > 0 && (
                <div className="side-info">
                  <span className="badge badge-danger">{t('traces.failed')}</span>
                </div>
              )}
            </li>
          )
        }
      </InfiniteList>
    </Screen>
  );
}
