import { useEffect, useRef, useState } from 'react';

/**
 * What is typed in this window. It outlives a reload and ends with the window: a computer at a counter has several people.
 * @param owner whose it is; another person's is not taken
 * @param name each one has a draft of its own
 * @param first what stands in it when it is begun
 */
export function useWindowDraft<T extends object>(owner: string, name: string, first: T) {
  const [draft, setDraft] = useState<T>(() => ({ ...first, ...read<T>(owner, name) }));
  const ended = useRef(false);
  useEffect(() => {
    if (!ended.current) keepWindowDraft(owner, name, draft);
  }, [name, owner, draft]);
  return {
    draft,
    change: (more: Partial<T>) => setDraft((before) => ({ ...before, ...more })),
    /** The draft is not kept any longer. */
    end() {
      ended.current = true;
      sessionStorage.removeItem(keyOf(name));
    },
  };
}

const keyOf = (name: string): string => `lienthong-draft:${name}`;

/** Keeps what was typed for the screen that goes on with it. */
export const keepWindowDraft = (owner: string, name: string, draft: object): void =>
  sessionStorage.setItem(keyOf(name), JSON.stringify({ owner, draft }));

function read<T>(owner: string, name: string): Partial<T> {
  try {
    const stored = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? '{}') as {
      owner?: string;
      draft?: Partial<T>;
    };
    return stored.owner === owner ? (stored.draft ?? {}) : {};
  } catch {
    return {};
  }
}
