import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Servers } from './fixture.ts';
import type { Order, Report, Setup } from './process.ts';
import type { Grow } from './tally.ts';

/** A tally service in a process of its own, to be paused and killed. */
export interface Child {
  /** Rejects with the reason of a refusal, or what went wrong. Never settles when the process dies. */
  grow(command: Grow, requestId?: string): Promise<number>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills it on the spot (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>;
}

const children = new Set<ChildProcess>();

export async function startChild(
  servers: Servers,
  { consumers = [], start }: Partial<Omit<Setup, 'servers'>> = {},
): Promise<Child> {
  const { databaseUrl, natsUrl, natsPrefix } = servers;
  const setup: Setup = {
    servers: { databaseUrl, natsUrl, natsPrefix },
    consumers,
    ...(start === undefined ? {} : { start }),
  };
  const child = fork(new URL('./process.ts', import.meta.url), [JSON.stringify(setup)], { execArgv: [] });
  children.add(child);
  const waiting = new Map<number, { resolve: (n: number) => void; reject: (error: Error) => void }>();
  let orders = 0;
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      children.delete(child);
      reject(new Error(`the child process ended with ${code ?? signal}`));
    });
    child.on('message', (report: Report) => {
      if ('ready' in report) return resolve();
      const order = waiting.get(report.n);
      waiting.delete(report.n);
      if ('reply' in report) order?.resolve(report.reply);
      else order?.reject(new Error('refused' in report ? report.refused : report.failed));
    });
  });
  await ready;
  return {
    grow: (command, requestId = crypto.randomUUID()) =>
      new Promise((resolve, reject) => {
        orders += 1;
        waiting.set(orders, { resolve, reject });
        child.send({ n: orders, command, requestId } satisfies Order);
      }),
    signal: (name) => void child.kill(name),
    kill: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** For afterEach: no child outlives its test. */
export const killChildren = async (): Promise<void> => {
  await Promise.all([...children].map(end));
};
