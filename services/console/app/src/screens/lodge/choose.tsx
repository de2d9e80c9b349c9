import type { registry } from '@lienthong/contracts/json';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import type { FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { durationText } from '../../text/duration.ts';
import { useText } from '../../text/text.tsx';
import { TextField } from '../../ui/field.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';

const route = getRouteApi('/tiep-nhan');
const PAGE = 20;

/** The procedure of a dossier that is to be lodged. */
export function ChooseProcedure() {
  const { t } = useText();
  const { tim = '' } = route.useSearch();
  const navigate = useNavigate();
  const list = useInfiniteQuery({
    queryKey: ['registry', 'procedures', tim] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'registry.v1.ProcedureRegistryService/SearchProcedures',
        { text: tim, pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const procedures = list.data?.pages.flatMap((page) => page.procedures) ?? [];

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('tim') ?? '').trim();
    void navigate({ to: '/tiep-nhan', search: { tim: text || undefined } });
  }

  return (
    <Screen title={t('lodge.title')}>
      <search>
        <form className="filters" onSubmit={submit} key={tim}>
          <div className="search">
            <TextField
              label={t('lodge.search')}
              name="tim"
              type="search"
              defaultValue={tim}
              maxLength={200}
              placeholder={t('lodge.searchExample')}
            />
          </div>
          <button type="submit" className="button">
            <Search size={16} className="icon" aria-hidden />
            {t('action.search')}
          </button>
        </form>
      </search>
      <InfiniteList pages={list} items={procedures} empty={t('lodge.noProcedure')}>
        {(procedure) => <ProcedureItem key={procedure.id} procedure={procedure} />}
      </InfiniteList>
    </Screen>
  );
}

function ProcedureItem({ procedure }: { procedure: registry.ProcedureSummary }) {
  const { t } = useText();
  return (
    <li className="item">
      <div className="stack tight">
        <Link className="item-title" to="/tiep-nhan/$code" params={{ code: procedure.code }}>
          {procedure.name}
        </Link>
        <div className="about">
          <span className="number">{procedure.code}</span>
          <span>{procedure.field}</span>
        </div>
      </div>
      <div className="side-info">
        <span className="badge">{durationText(procedure.timeLimit, t)}</span>
        {procedure.servedElsewhere !== '' && <span className="badge">{t('lodge.servedElsewhere')}</span>}
        {procedure.suspended && <span className="badge badge-warn">{t('lodge.suspended')}</span>}
      </div>
    </li>
  );
}
