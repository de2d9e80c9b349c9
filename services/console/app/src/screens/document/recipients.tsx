import type { routing } from '@lienthong/contracts/json';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { query } from '../../api/query-client.ts';
import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { StatusBadge } from '../../ui/badges.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { DeliveryTimeline } from '../delivery/timeline.tsx';

const PAGE = 100;

/** Each recipient with how far the document is there; its journey is read when it is opened. */
export function Recipients({ documentId, count }: { documentId: string; count: number }) {
  const { t } = useText();
  const list = useInfiniteQuery({
    queryKey: ['routing', 'deliveries', documentId] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'routing.v1.DocumentRoutingService/ListDeliveries',
        { documentId, pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const deliveries = list.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <section className="stack" aria-labelledby="recipients">
      <h2 id="recipients">{t('document.recipients', { count })}</h2>
      <InfiniteList pages={list} items={deliveries} empty={t('inbox.empty')}>
        {(delivery) => <Recipient key={delivery.id} delivery={delivery} />}
      </InfiniteList>
    </section>
  );
}

function Recipient({ delivery }: { delivery: routing.Delivery }) {
  const { t, language } = useText();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    ...query('routing.v1.DocumentRoutingService/GetDelivery', { deliveryId: delivery.id }),
    enabled: open,
  });
  const { addressedTo, holder, status, statusAt } = delivery;
  return (
    <li>
      <details className="recipient" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="recipient-name">{addressedTo?.name}</span>
          <StatusBadge status={status} />
          <span className="small muted number">
            {statusAt === undefined ? '' : shortMoment(new Date(statusAt), language)}
          </span>
        </summary>
        <div className="stack">
          {holder !== undefined && holder.agencyId !== addressedTo?.agencyId && (
            <p className="note">{t('delivery.rerouted', { to: holder.name })}</p>
          )}
          <ProblemNote error={error} />
          {data !== undefined && <DeliveryTimeline sentAt={delivery.sentAt} history={data.history} />}
        </div>
      </details>
    </li>
  );
}
