import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** `up`: what the process sends; `back`: what the server sends. */
export type Way = 'up' | 'back';
const WAYS = ['up', 'back'] as const;

/**
 * A TCP line to a server through a proxy, which a test disturbs: so a process meets a bad line, or stops at an exact
 * statement or message, without a hook in its code.
 */
export interface Line {
  /** The server's address, or its URL, through this proxy. */
  url: string;
  /** All that came to go up so far, one byte a character; empty without `record`. */
  sent(): string;
  /**
   * From the n-th occurrence (default 1) of the marker in what the process sends, its connection stands still:
   * `before`: the marker and what follows stay here, and nothing comes back;
   * `after`: all of it reaches the server, but nothing comes back.
   * Resolves when that has happened.
   */
  hold(at: 'before' | 'after', marker: string, n?: number): Promise<void>;
  /** What goes one way stays here, on every connection, until `release`. */
  stall(way: Way): void;
  /** Ends holds, reached or not, and stalls, and sends on what stayed here. */
  release(): void;
  /** What goes one way vanishes, on every connection, until `mend`: both ends think that the line is good. */
  drop(way: Way): void;
  /** What goes either way takes so long from now on, in milliseconds. */
  delay(ms: number): void;
  /** Breaks every connection; new ones are refused until `mend`. */
  cut(): void;
  /** The line is good again, and what is delayed comes at once. Connections that have lost something are broken. */
  mend(): void;
  close(): Promise<void>;
}

interface Trap {
  at: 'before' | 'after';
  marker: Buffer;
  left: number;
  sprung: () => void;
}

interface Link {
  sockets: readonly [near: Socket, far: Socket];
  /** What stays here, by way; absent: nothing does. */
  held: Partial<Record<Way, Buffer[]>>;
  /** What is delayed, in order. */
  late: Record<Way, { due: number; chunk: Buffer }[]>;
  timers: Partial<Record<Way, NodeJS.Timeout>>;
  /** Something of it has vanished. */
  torn: boolean;
}

const target = ({ sockets: [near, far] }: Link, way: Way): Socket => (way === 'up' ? far : near);

export interface LineOptions {
  /** Keeps what goes up, for `sent`. */
  record?: boolean;
}

/** @param to a URL, or `host:port` */
export async function openLine(to: string, { record = false }: LineOptions = {}): Promise<Line> {
  const url = new URL(to.includes('://') ? to : `tcp://${to}`);
  const server = { host: url.hostname, port: Number(url.port) };
  const links = new Set<Link>();
  const stalled = new Set<Way>();
  const dropped = new Set<Way>();
  const sent: Buffer[] = [];
  let delayMs = 0;
  let trap: Trap | undefined;
  let down = false;

  function pass(link: Link, way: Way, chunk: Buffer): void {
    const { held } = link;
    if (dropped.has(way)) link.torn = true;
    else if (held[way]) held[way].push(chunk);
    else if (stalled.has(way)) held[way] = [chunk];
    else write(link, way, chunk);
  }

  /** At once, or after the delay, and behind what is still delayed. */
  function write(link: Link, way: Way, chunk: Buffer): void {
    const late = link.late[way];
    if (delayMs === 0 && late.length === 0) return void target(link, way).write(chunk);
    late.push({ due: performance.now() + delayMs, chunk });
    if (late.length === 1) writeNext(link, way);
  }

  function writeNext(link: Link, way: Way): void {
    const [first] = link.late[way];
    if (first === undefined) return;
    link.timers[way] = setTimeout(
      () => {
        target(link, way).write(first.chunk);
        link.late[way].shift();
        writeNext(link, way);
      },
      Math.max(0, first.due - performance.now()),
    );
  }

  /** What is delayed comes now. */
  function hurry(link: Link): void {
    for (const way of WAYS) {
      clearTimeout(link.timers[way]);
      for (const { chunk } of link.late[way].splice(0)) target(link, way).write(chunk);
    }
  }

  const proxy = createServer((near) => {
    if (down) return void near.destroy();
    const far = connect(server);
    const link: Link = {
      sockets: [near, far],
      held: {},
      late: { up: [], back: [] },
      timers: {},
      torn: false,
    };
    links.add(link);
    let seen: Buffer = Buffer.alloc(0);
    near.on('data', (chunk: Buffer) => {
      if (record) sent.push(chunk);
      const found = trap && !link.held.up ? springs(trap, seen, chunk) : undefined;
      seen = trap ? Buffer.concat([seen, chunk]).subarray(-(trap.marker.length - 1)) : Buffer.alloc(0);
      if (trap === undefined || found === undefined) return pass(link, 'up', chunk);
      link.held.back = [];
      if (trap.at === 'after') pass(link, 'up', chunk);
      else {
        pass(link, 'up', chunk.subarray(0, found));
        link.held.up = [chunk.subarray(found)];
      }
      trap.sprung();
      trap = undefined;
    });
    far.on('data', (chunk: Buffer) => pass(link, 'back', chunk));
    for (const socket of link.sockets) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        for (const other of link.sockets) other.destroy();
        for (const way of WAYS) clearTimeout(link.timers[way]);
        links.delete(link);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  const destroy = ({ sockets }: Link) => {
    for (const socket of sockets) socket.destroy();
  };
  const line: Line = {
    url: to.includes('://') ? url.href.replace(/\/$/, '') : url.host,
    sent: () => Buffer.concat(sent).toString('latin1'),
    hold: (at, marker, n = 1) =>
      new Promise((sprung) => {
        trap = { at, marker: Buffer.from(marker), left: n, sprung };
      }),
    stall: (way) => void stalled.add(way),
    release() {
      trap = undefined;
      stalled.clear();
      for (const link of links) {
        const { held } = link;
        link.held = {};
        for (const way of WAYS) for (const chunk of held[way] ?? []) write(link, way, chunk);
      }
    },
    drop: (way) => void dropped.add(way),
    delay(ms) {
      delayMs = ms;
    },
    cut() {
      down = true;
      trap = undefined;
      for (const link of links) destroy(link);
    },
    mend() {
      down = false;
      delayMs = 0;
      dropped.clear();
      for (const link of links) link.torn ? destroy(link) : hurry(link);
    },
    async close() {
      line.cut();
      await new Promise((done) => proxy.close(done));
    },
  };
  return line;
}

/** Where in the chunk the marker's last due occurrence begins (0 when it began in an earlier chunk). */
function springs(trap: Trap, seen: Buffer, chunk: Buffer): number | undefined {
  const text = Buffer.concat([seen, chunk]);
  for (let at = text.indexOf(trap.marker); at >= 0; at = text.indexOf(trap.marker, at + 1)) {
    trap.left -= 1;
    if (trap.left === 0) return Math.max(0, at - seen.length);
  }
  return undefined;
}
