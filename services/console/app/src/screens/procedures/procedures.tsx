import type { registry } from '@lienthong/contracts/json';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import type { FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { useMe } from '../../api/me.ts';
import { durationText } from '../../text/duration.ts';
import { useText } from '../../text/text.tsx';
import { TextField } from '../../ui/field.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';
import { STATES, writesProcedures } from './states.ts';

const route = getRouteApi('/thu-tuc');
const PAGE = 20;

/** The register of procedures: those in force for everybody, and the drafts for those who write them. */
export function Procedures() {
  const { t } = useText();
  const { tim = '' } = route.useSearch();
  const navigate = useNavigate();
  const writes = writesProcedures(useMe());
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

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('tim') ?? '').trim();
    void navigate({ to: '/thu-tuc', search: { tim: text || undefined } });
  }

  return (
    <Screen
      title={t('procedures.title')}
      actions={
        writes && (
          <Link className="button button-main" to="/soan-thu-tuc">
            {t('procedures.write')}
          </Link>
        )
      }
    >
      {writes && <Drafts />}
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
      <InfiniteList
        pages={list}
        items={list.data?.pages.flatMap((page) => page.procedures) ?? []}
        empty={t('lodge.noProcedure')}
      >
        {(one) => <ProcedureItem key={one.id} procedure={one} />}
      </InfiniteList>
    </Screen>
  );
}

function Drafts() {
  const { t } = useText();
  const list = useInfiniteQuery({
    queryKey: ['registry', 'drafts'] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'registry.v1.ProcedureRegistryService/ListDrafts',
        { pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  return (
    <section className="stack" aria-labelledby="drafts">
      <h2 id="drafts">{t('procedures.drafts')}</h2>
      <InfiniteList
        pages={list}
        items={list.data?.pages.flatMap((page) => page.drafts) ?? []}
        empty={t('procedures.noDrafts')}
      >
        {(one) => <ProcedureItem key={one.id} procedure={one} />}
      </InfiniteList>
    </section>
  );
}

function ProcedureItem({ procedure }: { procedure: registry.ProcedureSummary }) {
  const { t } = useText();
  const { code, name, field, version, state, timeLimit, suspended, sample } = procedure;
  const isDraft = state === 'PROCEDURE_STATE_DRAFT' || state === 'PROCEDURE_STATE_VALIDATED';
  return (
    <li className="item">
      <div className="stack tight">
        {isDraft ? (
          <Link className="item-title" to="/soan-thu-tuc" search={{ ma: code }}>
            {name || code}
          </Link>
        ) : (
          <Link className="item-title" to="/thu-tuc/$code" params={{ code }}>
            {name}
          </Link>
        )}
        <div className="about">
          <span className="number">{code}</span>
          <span>{t('procedure.version', { version })}</span>
          <span>{field}</span>
        </div>
      </div>
      <div className="side-info">
        <span className="badge">{durationText(timeLimit, t)}</span>
        {isDraft && <span className="badge badge-accent">{t(STATES[state])}</span>}
        {suspended && <span className="badge badge-warn">{t('lodge.suspended')}</span>}
        {sample && <span className="badge">{t('procedure.sample')}</span>}
      </div>
    </li>
  );
}
