/** How many lines are open, by session and by address. */
export interface LineCounts {
  /** Takes a place; undefined when there is none. The returned function gives it back. */
  enter(session: string, address: string): (() => void) | undefined;
}

export interface LineLimits {
  perSession: number;
  perAddress: number;
  perProcess: number;
}

export function lineCounts({ perSession, perAddress, perProcess }: LineLimits): LineCounts {
  const counts = new Map<string, number>();
  const countOf = (key: string) => counts.get(key) ?? 0;
  return {
    enter(session, address) {
      const bounds = [
        { key: `session ${session}`, most: perSession },
        { key: `address ${address}`, most: perAddress },
        { key: 'process', most: perProcess },
      ];
      if (bounds.some(({ key, most }) => countOf(key) >= most)) return undefined;
      for (const { key } of bounds) counts.set(key, countOf(key) + 1);
      return () => {
        for (const { key } of bounds) {
          const left = countOf(key) - 1;
          if (left > 0) counts.set(key, left);
          else counts.delete(key);
        }
      };
    },
  };
}
