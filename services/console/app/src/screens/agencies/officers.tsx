import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { type Key, useText } from '../../text/text.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';

const PAGE = 50;
const ROLES: Readonly<Record<string, Key>> = {
  clerk: 'role.clerk',
  officer: 'role.officer',
  leader: 'role.leader',
  admin: 'role.admin',
  auditor: 'role.auditor',
  editor: 'role.editor',
};

/** Who works at an agency today. */
export function Officers({ agencyId }: { agencyId: string }) {
  const { t } = useText();
  const list = useInfiniteQuery({
    queryKey: ['directory', 'officers', agencyId] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'directory.v1.AgencyDirectoryService/ListOfficers',
        { agencyId, pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const officers = list.data?.pages.flatMap((page) => page.officers) ?? [];
  return (
    <section className="stack" aria-labelledby="officers">
      <h2 id="officers">{t('agency.officers')}</h2>
      <InfiniteList pages={list} items={officers} empty={t('agency.noOfficers')}>
        {({ id, fullName, position, head, roles }) => (
          <li key={id} className="item">
            <div className="stack tight">
              <span>{fullName}</span>
              <div className="about">
                <span>{position}</span>
                <span>
                  {roles.map((role) => (ROLES[role] === undefined ? role : t(ROLES[role]))).join(', ')}
                </span>
              </div>
            </div>
            <div className="side-info">
              {head && <span className="badge badge-accent">{t('agency.head')}</span>}
            </div>
          </li>
        )}
      </InfiniteList>
    </section>
  );
}
