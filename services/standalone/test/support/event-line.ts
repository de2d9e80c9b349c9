import { vi } from 'vitest';

export interface LiveEvent {
  event: string;
  id: string | undefined;
  data: Record<string, unknown>;
}

/** A page's line of Server-Sent Events. */
export interface EventLine {
  status: number;
  /** All that has come so far. */
  events: readonly LiveEvent[];
  /** Resolves with the first event of a name, once it has come. */
  first(name: string): Promise<LiveEvent>;
  /** Resolves when the server has ended the line. */
  ended: Promise<void>;
  leave(): void;
}

const WAIT = { timeout: 60_000, interval: 20 };

export async function openEventLine(url: string, headers: Record<string, string>): Promise<EventLine> {
  const page = new AbortController();
  const response = await fetch(url, { headers, signal: page.signal });
  const events: LiveEvent[] = [];
  const ended = read(response, events).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  return {
    status: response.status,
    events,
    first: (name) =>
      vi.waitFor(() => {
        const found = events.find(({ event }) => event === name);
        if (found === undefined) throw new Error(`${name} has not come`);
        return found;
      }, WAIT),
    ended,
    leave: () => page.abort(),
  };
}

async function read(response: Response, events: LiveEvent[]): Promise<void> {
  let rest = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = `${rest}${text}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
      const event = fields.get('event');
      if (event !== undefined)
        events.push({ event, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? '') });
    }
  }
}
