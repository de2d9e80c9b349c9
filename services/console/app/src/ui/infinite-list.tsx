import type { ReactNode } from 'react';
import { useText } from '../text/text.tsx';
import { ProblemNote } from './problem-note.tsx';

/** What a list that is read page by page says of itself. */
interface Pages {
  isPending: boolean;
  isSuccess: boolean;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
  refetch(): unknown;
}

interface InfiniteListProps<T> {
  pages: Pages;
  items: readonly T[];
  /** What stands there where there is nothing. */
  empty: string;
  children: (item: T) => ReactNode;
}

/** The items read so far, and the next ones by a button; an error hides nothing that is there. */
export function InfiniteList<T>({ pages, items, empty, children }: InfiniteListProps<T>) {
  const { t } = useText();
  return (
    <>
      <p className="hidden-text" role="status">
        {pages.isSuccess ? t('list.shown', { count: items.length }) : ''}
      </p>
      <ProblemNote error={items.length === 0 ? pages.error : null} onRetry={() => void pages.refetch()} />
      {pages.isPending && <p className="empty">{t('list.loading')}</p>}
      {pages.isSuccess && items.length === 0 && <p className="empty panel">{empty}</p>}
      {items.length > 0 && <ol className="list">{items.map(children)}</ol>}
      {pages.hasNextPage && (
        <div>
          <button type="button" className="button" onClick={() => void pages.fetchNextPage()}>
            {t(pages.isFetchingNextPage ? 'list.loading' : 'list.more')}
          </button>
        </div>
      )}
    </>
  );
}
