/** One event for a page, as Server-Sent Events name it. */
export interface LineEvent {
  event: string;
  /** Where the page goes on when it opens the line again. */
  id?: string;
  data: object;
}

/** A response of Server-Sent Events that goes as fast as its page reads. */
export interface Line {
  body: ReadableStream<Uint8Array>;
  /** Aborted once the line has ended, by whichever side. */
  signal: AbortSignal;
  /** Resolves when the page can take the next event. Does nothing once the line has ended. */
  send(event: LineEvent): Promise<void>;
  /** What was sent before still goes out. Does nothing the second time. */
  end(): void;
}

/** About how long a page waits before it opens the line again; spread, so that many pages do not come at once. */
const RETRY_MS = { least: 1_000, spread: 3_000 };

const bytes = new TextEncoder();

/**
 * @param stalledMs how long a page may leave an event unread
 * @param drop closes the connection of a page that does not read
 */
export function openLine(stalledMs: number, drop: () => void): Line {
  const ended = new AbortController();
  let queue: ReadableStreamDefaultController<Uint8Array>;
  let taken = Promise.withResolvers<void>();
  let stalled: NodeJS.Timeout | undefined;

  function stop(): void {
    clearTimeout(stalled);
    ended.abort();
    taken.resolve();
  }

  /** The connection and the queue hold a few events; from then on one that is not read has a time. */
  function write(text: string): void {
    queue.enqueue(bytes.encode(text));
    if ((queue.desiredSize ?? 0) > 0 || stalled !== undefined) return;
    stalled = setTimeout(() => {
      stop();
      drop();
    }, stalledMs);
  }

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      queue = controller;
      write(`retry: ${RETRY_MS.least + Math.round(Math.random() * RETRY_MS.spread)}\n\n`);
    },
    pull() {
      clearTimeout(stalled);
      stalled = undefined;
      taken.resolve();
      taken = Promise.withResolvers();
    },
    cancel: stop,
  });

  return {
    body,
    signal: ended.signal,
    async send({ event, id, data }) {
      if (ended.signal.aborted) return;
      const place = id === undefined ? '' : `id: ${id}\n`;
      write(`event: ${event}\n${place}data: ${JSON.stringify(data)}\n\n`);
      if (stalled !== undefined) await taken.promise;
    },
    end() {
      if (ended.signal.aborted) return;
      stop();
      queue.close();
    },
  };
}
