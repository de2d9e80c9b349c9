import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can make silent, as a poor line is: nothing arrives, and nobody is notified. */
export interface Line {
  port: number;
  silence(): void;
  /** What was sent meanwhile arrives. */
  resume(): void;
  /** The connections from before are gone; new ones arrive. */
  renew(): void;
  close(): Promise<void>;
}

export async function openLine(targetPort: () => number): Promise<Line> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(targetPort(), '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.pipe(to);
      if (silent) from.unpipe(to).pause();
      from.on('error', () => {});
      // An end passes no silent line either.
      from.on('close', () => {
        if (!silent) to.destroy();
      });
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const each = (act: (from: Socket, to: Socket) => void) => {
    for (const [near, far] of pairs) {
      act(near, far);
      act(far, near);
    }
  };
  const drop = () => each((from) => from.destroy());
  return {
    port: (server.address() as { port: number }).port,
    silence() {
      silent = true;
      each((from, to) => from.unpipe(to).pause());
    },
    resume() {
      silent = false;
      each((from, to) => void from.pipe(to));
    },
    renew() {
      silent = false;
      drop();
    },
    async close() {
      drop();
      await new Promise((done) => server.close(done));
    },
  };
}
