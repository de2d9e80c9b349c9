import { type ReactNode, useId } from 'react';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** What a tile reads, from one query or several. */
export interface Found<T> {
  data: T | undefined;
  error: Error | null;
  isPending: boolean;
  refetch(): Promise<unknown>;
}

interface TileProps<T> {
  title: string;
  found: Found<T>;
  children: (data: T) => ReactNode;
}

/** How often what a tile shows is read again: nothing announces it. */
export const TILE_MS = 10_000;

/** A part of the screen with its own reading: while it cannot be read, the others show what they have. */
export function Tile<T>({ title, found, children }: TileProps<T>) {
  const id = useId();
  return (
    <section className="panel stack tight" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Reading found={found}>{children}</Reading>
    </section>
  );
}

/** A part of a tile that is read by itself. */
export function Part<T>({ title, found, children }: TileProps<T>) {
  return (
    <>
      <h3>{title}</h3>
      <Reading found={found}>{children}</Reading>
    </>
  );
}

function Reading<T>({ found, children }: Omit<TileProps<T>, 'title'>) {
  const { t } = useText();
  return (
    <>
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <p className="empty">{t('list.loading')}</p>}
      {found.data !== undefined && children(found.data)}
    </>
  );
}
