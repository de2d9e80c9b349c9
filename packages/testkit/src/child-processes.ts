import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestStack } from './test-stack.ts';

/** What `child-main.ts` runs, as JSON. */
export interface ChildSetup {
  module: string;
  service: string;
  stack: Pick<TestStack, 'databaseUrl' | 'natsUrl' | 'natsPrefix'>;
  env: Readonly<Record<string, string>>;
}

export interface ChildProcesses {
  /** Resolves when the process serves, at the address (host:port) of its gRPC server. */
  start(world: Pick<ChildSetup, 'stack' | 'env'>): Promise<ChildProcess & { address: string }>;
  /** SIGKILL; resolves when the process is gone. */
  kill(child: ChildProcess): Promise<void>;
  killAll(): Promise<unknown>;
}

/** Processes to be killed, each with the service that `module` exports under this name, on the system's clock. */
export function childProcesses(module: URL, service: string): ChildProcesses {
  const running = new Set<ChildProcess>();

  async function kill(child: ChildProcess): Promise<void> {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  return {
    async start({ stack: { databaseUrl, natsUrl, natsPrefix }, env }) {
      const stack = { databaseUrl, natsUrl, natsPrefix };
      const setup: ChildSetup = { module: module.href, service, stack, env };
      const main = new URL('./child-main.ts', import.meta.url);
      const child = fork(main, [JSON.stringify(setup)], { execArgv: [] });
      running.add(child);
      const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (typeof first !== 'object') throw new Error(`the process ended with ${first}`);
      return Object.assign(child, first as { address: string });
    },
    kill,
    killAll: () => Promise.all([...running].map(kill)),
  };
}
