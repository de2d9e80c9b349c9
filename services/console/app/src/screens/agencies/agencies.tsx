import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { useMe } from '../../api/me.ts';
import { nameOf, parentOf } from '../../text/agency.ts';
import { today } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { AgencyBranch } from '../../ui/agency-branch.tsx';
import { AgencySearch } from '../../ui/agency-search.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { CalendarYear } from './calendar-year.tsx';

const route = getRouteApi('/co-quan');

/** The tree of agencies at a date, and the days off of its year. */
export function Agencies() {
  const { t } = useText();
  const { ngay } = route.useSearch();
  const navigate = useNavigate();
  const me = useMe();
  const date = ngay ?? today();
  const top = useTop(me?.agencyId ?? '', date);
  return (
    <Screen
      title={t('agencies.title')}
      actions={
        me?.roles.includes('admin') && (
          <Link className="button" to="/sap-xep-co-quan">
            {t('reorganise.title')}
          </Link>
        )
      }
    >
      <div className="columns">
        <section className="panel stack" aria-label={t('agencies.tree')}>
          <AgencySearch
            past
            onChoose={({ id }) => void navigate({ to: '/co-quan/$agencyId', params: { agencyId: id } })}
          />
          <TextField
            label={t('agencies.at')}
            type="date"
            value={date}
            onChange={({ target }) => {
              const search = { ngay: target.value === today() ? undefined : target.value || undefined };
              void navigate({ to: '/co-quan', search });
            }}
          />
          <ProblemNote error={top.error} onRetry={() => void top.refetch()} />
          {top.data !== undefined && (
            <ul className="tree tree-whole">
              <AgencyBranch
                key={`${top.data.id} ${date}`}
                agency={top.data}
                at={date}
                open
                label={(agency) => (
                  <Link to="/co-quan/$agencyId" params={{ agencyId: agency.id }}>
                    {nameOf(agency, date)}
                  </Link>
                )}
              />
            </ul>
          )}
        </section>
        <CalendarYear year={Number(date.slice(0, 4))} />
      </div>
    </Screen>
  );
}

/** The agency at the top of a tree at a date. */
const useTop = (agencyId: string, date: string) =>
  useQuery({
    queryKey: ['directory', 'top', agencyId, date] as const,
    enabled: agencyId !== '',
    async queryFn({ signal }): Promise<directory.Agency> {
      for (let id = agencyId; ; ) {
        const { agency } = await call(
          'directory.v1.AgencyDirectoryService/GetAgency',
          { agencyId: id },
          signal,
        );
        if (agency === undefined) throw new Error(`the directory gave no agency ${id}`);
        id = parentOf(agency, date);
        if (id === '') return agency;
      }
    },
  });
