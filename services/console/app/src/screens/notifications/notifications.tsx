import type { notification } from '@lienthong/contracts/json';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CheckCheck, Settings } from 'lucide-react';
import { call } from '../../api/call.ts';
import { refresh } from '../../api/query-client.ts';
import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';

const PAGE = 50;

/** What the platform has told the person, newest first; what is opened is read. */
export function Notifications() {
  const { t } = useText();
  const list = useInfiniteQuery({
    queryKey: ['notification', 'messages'] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'notification.v1.NotificationService/ListMessages',
        { pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const messages = list.data?.pages.flatMap((page) => page.messages) ?? [];
  // Marked twice is marked once: it needs no request id.
  const read = useMutation({
    mutationFn: (messageIds: readonly string[]) =>
      call('notification.v1.NotificationService/MarkRead', { messageIds }),
    onSuccess: () => refresh('notification'),
  });
  return (
    <Screen
      title={t('notifications.title')}
      actions={
        <>
          <button type="button" className="button" disabled={read.isPending} onClick={() => read.mutate([])}>
            <CheckCheck size={16} className="icon" aria-hidden />
            {t('notifications.readAll')}
          </button>
          <Link className="button" to="/thong-bao/cai-dat">
            <Settings size={16} className="icon" aria-hidden />
            {t('notifications.settings')}
          </Link>
        </>
      }
    >
      <ProblemNote error={read.error} />
      <InfiniteList pages={list} items={messages} empty={t('notifications.none')}>
        {(message) => (
          <MessageItem key={message.id} message={message} onOpen={() => read.mutate([message.id])} />
        )}
      </InfiniteList>
    </Screen>
  );
}

function MessageItem({ message, onOpen }: { message: notification.Message; onOpen: () => void }) {
  const { t, language } = useText();
  const { title, body, dossierCode, documentId, at, readAt, priority } = message;
  const isNew = readAt === undefined;
  return (
    <li className={`item ${isNew ? 'item-new' : ''} ${priority === 'PRIORITY_URGENT' ? 'item-urgent' : ''}`}>
      <div className="stack tight">
        {dossierCode !== '' ? (
          <Link
            className="item-title"
            to="/ho-so/$dossierId"
            params={{ dossierId: dossierCode }}
            onClick={onOpen}
          >
            {title}
          </Link>
        ) : documentId !== '' ? (
          <Link className="item-title" to="/van-ban-di/$documentId" params={{ documentId }} onClick={onOpen}>
            {title}
          </Link>
        ) : (
          <span className="item-title">{title}</span>
        )}
        <p className="small lines">{body}</p>
      </div>
      <div className="side-info">
        <span className="small muted number">
          {at === undefined ? '' : shortMoment(new Date(at), language)}
        </span>
        {isNew && (
          <button type="button" className="button button-plain" onClick={onOpen}>
            {t('notifications.read')}
            <span className="hidden-text">{title}</span>
          </button>
        )}
      </div>
    </li>
  );
}
