import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

interface TileProps<T> {
  title: string;
  found: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** How often what a tile shows is read again: nothing announces it. */
export const TILE_MS = 10_000;

/** A part of the screen with its own reading: while it cannot be read, the others show what they have. */
export function Tile<T>({ title, found, children }: TileProps<T>) {
  const { t } = useText();
  const id = useId();
  return (
    <section className="panel stack tight" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <p className="empty">{t('list.loading')}</p>}
      {found.data !== undefined && children(found.data)}
    </section>
  );
}
