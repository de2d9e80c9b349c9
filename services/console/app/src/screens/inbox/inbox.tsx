import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { filterOf, PART_NAMES, type Part, partOf, statusesOf } from '../../../../src/first/inbox.ts';
import { query } from '../../api/query-client.ts';
import { type Key, useText } from '../../text/text.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';
import { InboxFilters } from './filters.tsx';
import { InboxItem } from './item.tsx';
import { inboxList } from './list.ts';

const route = getRouteApi('/van-ban-den');
const MOST_COUNTED = 1_000;
const KEYS: Record<Part, Key> = {
  moi: 'inbox.new',
  'tiep-nhan': 'inbox.accepted',
  'dang-xu-ly': 'inbox.inProgress',
  'thu-hoi': 'inbox.recalls',
  xong: 'inbox.done',
  'tra-lai': 'inbox.refused',
  'tat-ca': 'inbox.all',
};

export function Inbox() {
  const { t } = useText();
  const search = route.useSearch();
  const part = partOf(search);
  const list = useInfiniteQuery(inboxList(part, { ...search, muc: undefined }));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Screen title={t('inbox.title')}>
      <InboxFilters key={search.tim ?? ''} search={search} />
      <Parts shown={part} />
      <InfiniteList pages={list} items={items} empty={t('inbox.empty')}>
        {(item) => <InboxItem key={item.delivery?.id} item={item} />}
      </InfiniteList>
    </Screen>
  );
}

/** The parts with their counts, which come from the query of the list. */
function Parts({ shown }: { shown: Part }) {
  const { t } = useText();
  const search = route.useSearch();
  const { data } = useQuery(
    query('routing.v1.DocumentRoutingService/CountInbox', { filter: filterOf(search) }),
  );
  const countOf = (part: Part): string => {
    if (data === undefined) return '';
    const statuses: readonly string[] = statusesOf(part);
    const among = data.counts.filter(({ status }) => statuses.length === 0 || statuses.includes(status));
    const sum = among.reduce((total, { count }) => total + count, 0);
    return among.some(({ count }) => count >= MOST_COUNTED) ? `${sum}+` : String(sum);
  };
  return (
    <nav className="tabs no-print" aria-label={t('inbox.parts')}>
      {PART_NAMES.map((part) => (
        <Link
          key={part}
          to="/van-ban-den"
          search={{ ...search, muc: part }}
          aria-current={part === shown ? 'page' : undefined}
          activeProps={{}}
        >
          {t(KEYS[part])}
          <span className="amount">{countOf(part)}</span>
        </Link>
      ))}
    </nav>
  );
}
