import type { routing } from '@lienthong/contracts/json';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FilePlus2, Search } from 'lucide-react';
import type { FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { shortMoment } from '../../text/dates.ts';
import { numberOf, typeName } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';
import { UrgencyBadge } from '../../ui/badges.tsx';
import { TextField } from '../../ui/field.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';
import { OutboxCounts } from './counts.tsx';

const route = getRouteApi('/van-ban-di');
const PAGE = 50;

const outboxList = (text: string) =>
  infiniteQueryOptions({
    queryKey: ['routing', 'outbox', text] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'routing.v1.DocumentRoutingService/ListOutbox',
        { filter: { text }, pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });

/** Documents that the agency has issued, with how far they are at their recipients. */
export function Outbox() {
  const { t } = useText();
  const { tim = '' } = route.useSearch();
  const navigate = useNavigate();
  const list = useInfiniteQuery(outboxList(tim));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('tim') ?? '').trim();
    void navigate({ to: '/van-ban-di', search: { tim: text || undefined } });
  }

  return (
    <Screen
      title={t('outbox.title')}
      actions={
        <Link className="button button-main" to="/soan">
          <FilePlus2 size={16} className="icon" aria-hidden />
          {t('compose.title')}
        </Link>
      }
    >
      <search className="no-print">
        <form className="filters" onSubmit={submit} key={tim}>
          <div className="search">
            <TextField
              label={t('outbox.search')}
              name="tim"
              type="search"
              defaultValue={tim}
              maxLength={200}
              placeholder={t('inbox.searchExample')}
            />
          </div>
          <button type="submit" className="button">
            <Search size={16} className="icon" aria-hidden />
            {t('action.search')}
          </button>
        </form>
      </search>
      <InfiniteList pages={list} items={items} empty={t('inbox.empty')}>
        {(item) => <OutboxItem key={item.document?.id} item={item} />}
      </InfiniteList>
    </Screen>
  );
}

function OutboxItem({ item }: { item: routing.OutboxItem }) {
  const { language } = useText();
  const { document } = item;
  if (document === undefined) return null;
  return (
    <li className="item">
      <div className="stack tight">
        <Link className="item-title" to="/van-ban-di/$documentId" params={{ documentId: document.id }}>
          {document.subject}
        </Link>
        <div className="about">
          <span className="number">{numberOf(document)}</span>
          <span>{typeName(document.type)}</span>
          <UrgencyBadge urgency={document.urgency} />
        </div>
      </div>
      <div className="side-info">
        <span className="small muted number">
          {document.issuedAt === undefined ? '' : shortMoment(new Date(document.issuedAt), language)}
        </span>
        <OutboxCounts counts={item.counts} withdrawn={item.withdrawn} />
      </div>
    </li>
  );
}
