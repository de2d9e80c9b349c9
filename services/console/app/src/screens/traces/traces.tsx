import type { traces } from '@lienthong/contracts/json';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import type { FormEvent } from 'react';
import { call, type Request } from '../../api/call.ts';
import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { durationText } from './bars.ts';
import { shortName } from './waterfall.tsx';

export interface TracesSearch {
  /** The code of a dossier. */
  ma?: string | undefined;
  /** The id of a document. */
  'van-ban'?: string | undefined;
  /** Only those that failed. */
  loi?: string | undefined;
  /** Slower than so many milliseconds. */
  cham?: string | undefined;
}

const route = getRouteApi('/van-hanh/vet');
const METHOD = 'traces.v1.TraceService/FindTraces';

function requestOf({ ma, 'van-ban': documentId, loi, cham }: TracesSearch): Request<typeof METHOD> {
  const ms = Number(cham ?? 0);
  return {
    dossierCode: ma ?? '',
    documentId: documentId ?? '',
    failedOnly: loi !== undefined,
    slowerThanUs: String(Number.isFinite(ms) && ms > 0 ? Math.round(ms * 1_000) : 0),
  };
}

/** Traces of the last weeks, found by what they are about. */
export function Traces() {
  const { t } = useText();
  const search = route.useSearch();
  const request = requestOf(search);
  const list = useInfiniteQuery({
    queryKey: ['traces', METHOD, request],
    queryFn: ({ pageParam, signal }) => call(METHOD, { ...request, pageToken: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const found = list.data?.pages.flatMap((page) => page.traces) ?? [];
  return (
    <Screen title={t('traces.title')}>
      <Filters search={search} />
      {search.ma !== undefined && (
        <p>
          <Link to="/van-hanh/hanh-trinh/$code" params={{ code: search.ma }}>
            {t('traces.journeyOf', { code: search.ma })}
          </Link>
        </p>
      )}
      <ProblemNote error={found.length === 0 ? list.error : null} onRetry={() => void list.refetch()} />
      {list.isPending && <p className="empty">{t('list.loading')}</p>}
      {list.isSuccess && found.length === 0 && <p className="empty panel">{t('traces.none')}</p>}
      {found.length > 0 && (
        <ol className="list">
          {found.map((one) => (
            <TraceItem key={one.traceId} summary={one} />
          ))}
        </ol>
      )}
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

function TraceItem({ summary }: { summary: traces.TraceSummary }) {
  const { t, language } = useText();
  const { traceId, name, service, startedAt, durationUs, spans, failedSpans } = summary;
  return (
    <li className="item">
      <div className="stack tight">
        <Link className="item-title" to="/van-hanh/vet/$traceId" params={{ traceId }}>
          {shortName(name)}
        </Link>
        <div className="about">
          <span>{service}</span>
          <span>{startedAt === undefined ? '' : shortMoment(new Date(startedAt), language)}</span>
          <span>{t('traces.spans', { count: spans })}</span>
        </div>
      </div>
      <div className="side-info">
        <span className="number">{durationText(Number(durationUs), language)}</span>
        {failedSpans > 0 && <span className="badge badge-danger">{t('traces.failed')}</span>}
      </div>
    </li>
  );
}

/** What is looked for stays in the address. */
function Filters({ search }: { search: TracesSearch }) {
  const { t } = useText();
  const navigate = useNavigate();
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim() || undefined;
    void navigate({
      to: '/van-hanh/vet',
      search: { ma: text('ma'), 'van-ban': text('van-ban'), cham: text('cham'), loi: text('loi') },
    });
  }
  return (
    <search className="no-print">
      <form className="filters" onSubmit={submit} key={JSON.stringify(search)}>
        <TextField label={t('traces.dossier')} name="ma" defaultValue={search.ma ?? ''} maxLength={100} />
        <TextField
          label={t('traces.document')}
          name="van-ban"
          defaultValue={search['van-ban'] ?? ''}
          maxLength={36}
        />
        <TextField
          label={t('traces.slower')}
          name="cham"
          type="number"
          min={0}
          defaultValue={search.cham ?? ''}
        />
        <label className="check">
          <input type="checkbox" name="loi" value="co" defaultChecked={search.loi !== undefined} />
          {t('traces.failedOnly')}
        </label>
        <button type="submit" className="button">
          <Search size={16} className="icon" aria-hidden />
          {t('action.search')}
        </button>
      </form>
    </search>
  );
}
