import { connected, lost } from './connection.ts';
import { queryClient, refresh } from './query-client.ts';
import { createSignal } from './signal.ts';

/** Counts the events that came, for screens that announce arrivals. */
export const arrivals = createSignal(0);

const SERVICES = ['routing', 'casework', 'directory', 'registry'];
/** Several events of one act are one reading. */
const GATHER_MS = 400;

/** Opens the line over which the page learns what happens; screens then read again what they show. */
export function followLive(): void {
  const source = new EventSource('/api/live');
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  source.addEventListener('event', ({ data }: MessageEvent<string>) => {
    const { type = '' } = JSON.parse(data) as { type?: string };
    const service = SERVICES.find((one) => type.startsWith(`lienthong.${one}.`));
    if (service === undefined) return;
    due.add(service);
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      refresh(...due);
      due.clear();
      arrivals.set(arrivals.get() + 1);
    }, GATHER_MS);
  });
  source.addEventListener('reload', () => void queryClient.invalidateQueries());
  for (const end of ['signed-out', 'refused']) source.addEventListener(end, () => source.close());
  source.addEventListener('error', () => {
    // The browser opens the line again by itself; whether the server is there shows at once.
    if (source.readyState === EventSource.CONNECTING && connected.get())
      void fetch('/health').catch(() => lost());
  });
}
