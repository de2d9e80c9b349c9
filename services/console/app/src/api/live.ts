import { connected, lost } from './connection.ts';
import { queryClient, refresh } from './query-client.ts';
import { signedOut } from './session.ts';
import { createSignal } from './signal.ts';

/** Counts the documents that came in, for the screen to announce them. */
export const arrivals = createSignal(0);

const SERVICES = ['routing', 'casework', 'directory', 'registry'];
const ARRIVAL = 'lienthong.routing.v1.DeliverySent';
/** Several events of one act are one reading. */
const GATHER_MS = 400;
/** Until a line is opened again that the server does not open, such as one too many. */
const AGAIN_MS = 30_000;

/** Opens the line over which the page learns what happens; screens then read again what they show. */
export function followLive(): void {
  const due = new Set<string>();
  let gathering = false;
  let source: EventSource | undefined;
  /** Something may have happened that no line has said: also before the first one is open. */
  let missed = true;

  function take(type: string): void {
    const service = SERVICES.find((one) => type.startsWith(`lienthong.${one}.`));
    if (service === undefined) return;
    due.add(service);
    if (type === ARRIVAL) arrivals.set(arrivals.get() + 1);
    if (gathering) return;
    gathering = true;
    setTimeout(() => {
      gathering = false;
      refresh(...due);
      due.clear();
    }, GATHER_MS);
  }

  /** The line is gone for good; what happens until the next one is missed. */
  function close(): void {
    source?.close();
    source = undefined;
    missed = true;
  }

  function open(): void {
    if (source !== undefined || signedOut.get()) return;
    const line = new EventSource('/api/live');
    source = line;
    line.addEventListener('ready', () => {
      if (missed) void readAgain();
      missed = false;
    });
    line.addEventListener('event', ({ data }: MessageEvent<string>) =>
      take((JSON.parse(data) as { type?: string }).type ?? ''),
    );
    line.addEventListener('reload', () => void readAgain());
    line.addEventListener('signed-out', close);
    line.addEventListener('refused', () => {
      close();
      setTimeout(open, AGAIN_MS);
    });
    line.addEventListener('error', () => {
      if (line.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, AGAIN_MS);
        return;
      }
      // The browser opens the line again by itself; whether the server is there shows at once.
      if (connected.get()) void fetch('/health').catch(() => lost());
    });
  }

  signedOut.subscribe(open);
  open();
}

/** Reads what screens show again; what is being read now, once more afterwards. */
async function readAgain(): Promise<void> {
  const underWay = queryClient.getQueryCache().findAll({ fetchStatus: 'fetching' });
  await queryClient.invalidateQueries({}, { cancelRefetch: false });
  for (const { queryKey } of underWay) void queryClient.invalidateQueries({ queryKey, exact: true });
}
