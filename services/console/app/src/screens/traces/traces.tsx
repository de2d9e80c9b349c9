import type { traces } from '@lienthong/contracts/json';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { TextField } from '../../ui/field.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { durationText } from './bars.ts';
import { type TracesSearch, useSubject } from './subject.ts';
import { shortName } from './waterfall.tsx';

const route = getRouteApi('/van-hanh/vet');
const METHOD = 'traces.v1.TraceService/FindTraces';

/** Traces of the last weeks, found by what they are about. */
export function Traces() {
  const { t } = useText();
  const search = route.useSearch();
  const { request, error, isMissing, documentId } = useSubject(search);
  const list = useInfiniteQuery({
    queryKey: ['traces', METHOD, request],
    queryFn: ({ pageParam, signal }) => call(METHOD, { ...request, pageToken: pageParam }, signal),
    enabled: request !== undefined,
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
      {documentId !== '' && (
        <p>
          <Link to="/van-hanh/hanh-trinh/$code" params={{ code: documentId }}>
            {t('traces.journeyOfDocument', { number: search.so ?? '' })}
          </Link>
        </p>
      )}
      <ProblemNote error={error} />
      {isMissing && <p className="empty panel">{t('traces.noDocument')}</p>}
      {request !== undefined && (
        <InfiniteList pages={list} items={found} empty={t('traces.none')}>
          {(one) => <TraceItem key={one.traceId} summary={one} />}
        </InfiniteList>
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
  const [issuerMissing, setIssuerMissing] = useState(false);
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim() || undefined;
    const [ma, so, agency] = [text('ma'), text('so'), text('co-quan')];
    setIssuerMissing(so !== undefined && agency === undefined);
    if (so !== undefined && agency === undefined) return;
    if (ma !== undefined && TRACE_ID.test(ma)) {
      void navigate({ to: '/van-hanh/vet/$traceId', params: { traceId: ma.toLowerCase() } });
      return;
    }
    const more = { cham: text('cham'), loi: text('loi') };
    void navigate({ to: '/van-hanh/vet', search: { ma, so, 'co-quan': agency, ...more } });
  }
  return (
    <search className="no-print">
      <form className="filters" onSubmit={submit} key={JSON.stringify(search)}>
        <TextField label={t('traces.dossier')} name="ma" defaultValue={search.ma ?? ''} maxLength={100} />
        <TextField label={t('traces.number')} name="so" defaultValue={search.so ?? ''} maxLength={150} />
        <TextField
          label={t('traces.agency')}
          name="co-quan"
          defaultValue={search['co-quan'] ?? ''}
          maxLength={50}
          error={issuerMissing ? t('traces.issuerMissing') : undefined}
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

/** As log lines and messages of errors have it. */
const TRACE_ID = /^[0-9a-f]{32}$/i;
