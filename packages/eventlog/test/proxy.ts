import { connect, createServer, type Socket } from 'node:net';

/**
 * A connection through a proxy, which a test can hold at a byte pattern, and cut. So a test stops a process at an exact
 * statement or message, without a hook in its code.
 */
export interface Line {
  /** The server's URL through this proxy. */
  url: string;
  /**
   * From the n-th occurrence (default 1) of the marker in what the process sends, its connection stands still:
   * `before`: the marker and what follows stay here, and nothing comes back;
   * `after`: all of it reaches the server, but nothing comes back.
   * Resolves when that has happened.
   */
  hold(at: 'before' | 'after', marker: string, n?: number): Promise<void>;
  /** Ends the hold, reached or not, and sends on what was held. */
  release(): void;
  /** Breaks every connection; new ones are refused until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

interface Trap {
  at: 'before' | 'after';
  marker: Buffer;
  left: number;
  sprung: () => void;
}

export async function openProxy(targetUrl: string): Promise<Line> {
  const target = new URL(targetUrl);
  const links = new Set<{ sockets: Socket[]; release: () => void }>();
  let trap: Trap | undefined;
  let down = false;

  const server = createServer((near) => {
    if (down) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    // What waits while a direction is held; undefined while nothing is held.
    let upHeld: Buffer[] | undefined;
    let backHeld: Buffer[] | undefined;
    let seen: Buffer = Buffer.alloc(0);
    const line = {
      sockets: [near, far],
      release() {
        for (const chunk of upHeld ?? []) far.write(chunk);
        for (const chunk of backHeld ?? []) near.write(chunk);
        upHeld = backHeld = undefined;
      },
    };
    links.add(line);
    near.on('data', (chunk: Buffer) => {
      if (upHeld) return void upHeld.push(chunk);
      const found = trap && springs(trap, seen, chunk);
      seen = trap ? Buffer.concat([seen, chunk]).subarray(-(trap.marker.length - 1)) : Buffer.alloc(0);
      if (!trap || found === undefined) return void far.write(chunk);
      backHeld = [];
      if (trap.at === 'after') far.write(chunk);
      else {
        far.write(chunk.subarray(0, found));
        upHeld = [chunk.subarray(found)];
      }
      trap.sprung();
      trap = undefined;
    });
    far.on('data', (chunk: Buffer) => (backHeld ? void backHeld.push(chunk) : void near.write(chunk)));
    for (const socket of line.sockets) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        for (const other of line.sockets) other.destroy();
        links.delete(line);
      });
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = new URL(targetUrl);
  url.port = String((server.address() as { port: number }).port);
  const cut = () => {
    down = true;
    trap = undefined;
    for (const { sockets } of links) for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href.replace(/\/$/, ''),
    hold: (at, marker, n = 1) =>
      new Promise((sprung) => {
        trap = { at, marker: Buffer.from(marker), left: n, sprung };
      }),
    release() {
      trap = undefined;
      for (const line of links) line.release();
    },
    cut,
    mend() {
      down = false;
    },
    async close() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
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
