import { Worker as Thread } from 'node:worker_threads';
import { type Refusal, refuse } from '../errors.ts';
import type { Worker } from '../service.ts';

export interface Order {
  name: string;
  args: readonly unknown[];
}

/** A clone of an error has no class of ours; a refusal travels as its value. */
export type Reply = { value: unknown } | { error: unknown } | { refusal: Refusal };

export interface ThreadOptions {
  /** For the log and for people. */
  name: string;
  /** Its exports are carried out in threads: pure functions whose arguments and results can be cloned. */
  module: URL;
  threads?: number;
  /** The longest that one function may take. */
  budgetMs?: number;
  /** The memory that one function may use. */
  budgetMib?: number;
  /** Functions that wait for a thread or run in one; of all, and of one principal. */
  waiting?: number;
  waitingPerPrincipal?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: functions of any arguments
type Functions = Record<string, (...args: any[]) => unknown>;

/** Threads for long computations, so that they do not hold up the calls of others. A worker of the service. */
export interface Threads<F extends Functions> extends Worker {
  /**
   * Carries a function out in a thread. Rejects with what the function throws.
   * Refuses: WORK_BUDGET_EXCEEDED, SERVER_BUSY.
   * @param principal who has it carried out, as `principalOf` gives it
   */
  run<N extends keyof F & string>(
    principal: string,
    name: N,
    ...args: Parameters<F[N]>
  ): Promise<Awaited<ReturnType<F[N]>>>;
}

interface Job extends Order {
  settle(reply: Reply): void;
}

/** A thread starts with the first job, stays for the next one, and ends when its job exceeds the budget. */
export function createThreads<F extends Functions>(options: ThreadOptions): Threads<F> {
  const { name, module, threads = 1, budgetMs = 20_000, budgetMib = 512 } = options;
  const { waiting = 16, waitingPerPrincipal = 4 } = options;
  /** The jobs that wait, by principal; the principal whose turn is next comes first. */
  const queues = new Map<string, Job[]>();
  const idle: Thread[] = [];
  const all = new Set<Thread>();
  const ofPrincipal = new Map<string, number>();
  let jobs = 0;
  let hasStopped = false;

  function open(): Thread {
    const thread = new Thread(new URL('./thread.ts', import.meta.url), {
      workerData: { module: module.href },
      resourceLimits: { maxOldGenerationSizeMb: budgetMib },
    });
    // A thread without a job must not keep the process alive.
    thread.unref();
    all.add(thread);
    thread.once('exit', () => {
      all.delete(thread);
      const at = idle.indexOf(thread);
      if (at >= 0) idle.splice(at, 1);
    });
    // Each job listens for itself; an idle thread that fails is replaced.
    thread.on('error', () => {});
    return thread;
  }

  /** Gives the next job to a thread, if there is one of each. Principals take turns, however many jobs one has. */
  function start(): void {
    const [next] = queues;
    if (next === undefined) return;
    const thread = idle.pop() ?? (all.size < threads ? open() : undefined);
    if (thread === undefined) return;
    const [principal, [job, ...others]] = next;
    queues.delete(principal);
    if (others.length > 0) queues.set(principal, others);
    carryOut(job as Job, thread);
  }

  function carryOut(job: Job, thread: Thread): void {
    const finish = (reply: Reply, isUsable: boolean) => {
      clearTimeout(timer);
      thread.removeAllListeners('message').off('error', failed).off('exit', ended);
      if (isUsable) idle.push(thread);
      else {
        all.delete(thread);
        void thread.terminate();
      }
      job.settle(reply);
      start();
    };
    const failed = (error: Error & { code?: string }) =>
      finish(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { refusal: overBudget } : { error }, false);
    const ended = () =>
      finish({ error: new Error(`a thread of ${name} ended in the middle of ${job.name}`) }, false);
    const timer = setTimeout(() => finish({ refusal: overBudget }, false), budgetMs);
    thread.once('message', (reply: Reply) => finish(reply, true));
    thread.once('error', failed);
    thread.once('exit', ended);
    try {
      thread.postMessage({ name: job.name, args: job.args } satisfies Order);
    } catch (error) {
      // The arguments cannot be cloned; the thread has got nothing.
      finish({ error }, true);
    }
  }

  return {
    name,
    async run(principal, functionName, ...args) {
      if (hasStopped) throw new Error(`${name} has stopped`);
      const own = ofPrincipal.get(principal) ?? 0;
      if (jobs >= waiting || own >= waitingPerPrincipal) refuse(threadsBusy);
      jobs += 1;
      ofPrincipal.set(principal, own + 1);
      try {
        const reply = await new Promise<Reply>((settle) => {
          queues.set(principal, [...(queues.get(principal) ?? []), { name: functionName, args, settle }]);
          start();
        });
        if ('refusal' in reply) refuse(reply.refusal);
        if ('error' in reply) throw reply.error;
        return reply.value as never;
      } finally {
        jobs -= 1;
        const left = (ofPrincipal.get(principal) ?? 0) - 1;
        if (left > 0) ofPrincipal.set(principal, left);
        else ofPrincipal.delete(principal);
      }
    },
    async start() {},
    async stop() {
      hasStopped = true;
      const waiting = [...queues.values()].flat();
      queues.clear();
      for (const job of waiting) job.settle({ error: new Error(`${name} has stopped`) });
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}

const overBudget: Refusal = {
  kind: 'resource-exhausted',
  reason: 'WORK_BUDGET_EXCEEDED',
  message: 'this request takes more time or memory than one may; send less, or in several calls',
};

const threadsBusy: Refusal = {
  kind: 'resource-exhausted',
  reason: 'SERVER_BUSY',
  message:
    'as many long computations as may wait are under way, of yours or of all; send this one again later',
  retryAfterMs: 5_000,
};
