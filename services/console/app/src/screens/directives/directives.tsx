import type { routing } from '@lienthong/contracts/json';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { answersOf } from '../../api/answers.ts';
import { call } from '../../api/call.ts';
import { dateText, today } from '../../text/dates.ts';
import { numberOf } from '../../text/document.ts';
import { type Key, useText } from '../../text/text.tsx';
import { AnswerCounts } from '../../ui/answer-counts.tsx';
import { StatusBadge } from '../../ui/badges.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';

const route = getRouteApi('/nhiem-vu');
const PAGE = 20;
const DIRECTIVES = { steerings: ['STEERING_TYPE_DIRECTIVE'] as const };

const PARTS = { 'duoc-giao': 'directives.received', 'da-giao': 'directives.given' } as const satisfies Record<
  string,
  Key
>;
type Part = keyof typeof PARTS;

/** Directives: those that the agency has to answer, and those that it has given, with who is late. */
export function Directives() {
  const { t } = useText();
  const { muc } = route.useSearch();
  const shown: Part = muc === 'da-giao' ? muc : 'duoc-giao';
  return (
    <Screen title={t('directives.title')}>
      <nav className="tabs no-print" aria-label={t('directives.title')}>
        {(Object.keys(PARTS) as Part[]).map((part) => (
          <Link
            key={part}
            to="/nhiem-vu"
            search={{ muc: part }}
            aria-current={part === shown ? 'page' : undefined}
            activeProps={{}}
          >
            {t(PARTS[part])}
          </Link>
        ))}
      </nav>
      {shown === 'duoc-giao' ? <Received /> : <Given />}
    </Screen>
  );
}

function Received() {
  const { t } = useText();
  const list = useInfiniteQuery({
    queryKey: ['routing', 'directives', 'received'] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'routing.v1.DocumentRoutingService/ListInbox',
        { filter: DIRECTIVES, pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <InfiniteList pages={list} items={items} empty={t('directives.none')}>
      {({ delivery, document }) =>
        delivery !== undefined &&
        document !== undefined && (
          <li key={delivery.id} className="item">
            <div className="stack tight">
              <Link className="item-title" to="/van-ban-den/$deliveryId" params={{ deliveryId: delivery.id }}>
                {document.subject}
              </Link>
              <About document={document} from={document.issuerName} />
            </div>
            <div className="side-info">
              <DueBadge dueOn={document.dueOn} answered={delivery.answeredAt !== undefined} />
              <StatusBadge status={delivery.status} received />
            </div>
          </li>
        )
      }
    </InfiniteList>
  );
}

function Given() {
  const { t } = useText();
  const list = useInfiniteQuery({
    queryKey: ['routing', 'directives', 'given'] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'routing.v1.DocumentRoutingService/ListOutbox',
        { filter: DIRECTIVES, pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const documents =
    list.data?.pages.flatMap((page) => page.items.flatMap(({ document }) => document ?? [])) ?? [];
  return (
    <InfiniteList pages={list} items={documents} empty={t('directives.none')}>
      {(document) => (
        <li key={document.id} className="item">
          <div className="stack tight">
            <Link className="item-title" to="/van-ban-di/$documentId" params={{ documentId: document.id }}>
              {document.subject}
            </Link>
            <About document={document} />
          </div>
          <div className="side-info">
            <DueBadge dueOn={document.dueOn} />
            <Answers documentId={document.id} />
          </div>
        </li>
      )}
    </InfiniteList>
  );
}

function Answers({ documentId }: { documentId: string }) {
  const { data } = useQuery(answersOf(documentId, [], 1));
  return data === undefined ? null : <AnswerCounts counts={data} />;
}

function About({ document, from = '' }: { document: routing.DocumentSummary; from?: string }) {
  return (
    <div className="about">
      <span className="number">{numberOf(document)}</span>
      {from !== '' && <span>{from}</span>}
    </div>
  );
}

/** Until when an answer is wanted; a date that has passed without one is red. */
function DueBadge({ dueOn, answered = false }: { dueOn: string; answered?: boolean }) {
  const { t, language } = useText();
  if (dueOn === '') return null;
  const late = !answered && dueOn < today();
  return (
    <span className={`badge ${late ? 'badge-danger' : ''}`}>
      {t('document.answerBy', { date: dateText(dueOn, language) })}
    </span>
  );
}
