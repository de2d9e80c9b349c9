import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { query } from '../../api/query-client.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { durationText } from './bars.ts';
import { shortName, Waterfall } from './waterfall.tsx';

const route = getRouteApi('/van-hanh/vet/$traceId');

/** One trace: what ran when. */
export function TraceScreen() {
  const { t, language } = useText();
  const { traceId } = route.useParams();
  const found = useQuery(query('traces.v1.TraceService/GetTrace', { traceId }));
  const trace = found.data?.trace;
  const summary = trace?.summary;
  return (
    <Screen title={summary === undefined ? t('traces.trace') : shortName(summary.name)}>
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <p className="empty">{t('list.loading')}</p>}
      {summary !== undefined && (
        <p className="muted">
          {summary.startedAt === undefined ? '' : momentText(new Date(summary.startedAt), language)}
          {', '}
          {durationText(Number(summary.durationUs), language)}
          {', '}
          <span className="number">{traceId}</span>
        </p>
      )}
      {trace !== undefined && <Waterfall spans={trace.spans} />}
    </Screen>
  );
}
