import { leaderWorker } from '@lienthong/eventlog';
import { type Logger, pause, type Worker } from '@lienthong/kit';
import type { Frontier } from '@lienthong/transparency-log';
import { GROWTH, growTree, openTree } from './grow.ts';
import { ForkError } from './kept-checkpoint.ts';
import { type SigningDeps, signTree } from './sign.ts';

export interface TreeWorkerOptions extends SigningDeps {
  log: Logger;
  /** The longest time between two checkpoints while there are new entries. */
  everyMs: number;
}

export interface TreeWorker extends Worker {
  leading(): boolean;
  /** Why nothing is signed any more; '' while all is well. */
  halted(): string;
}

const HALTED_CHECK_MS = 60_000;
const GATHER_MS = 250;

/**
 * Grows the tree by the entries that were recorded, and signs it: in one process at a time. Once the tree does not
 * extend what was signed, it neither grows nor signs, and looks again every minute.
 */
export function treeWorker(options: TreeWorkerOptions): TreeWorker {
  const { db, log, everyMs } = options;
  let halted = '';

  async function lead(_: unknown, signal: AbortSignal): Promise<void> {
    try {
      await growAndSign(signal);
    } catch (error) {
      if (!(error instanceof ForkError)) throw error;
      halted = error.message;
      log.error({ halted }, 'the audit log is not signed any more');
      await pause(HALTED_CHECK_MS, signal);
    }
  }

  async function growAndSign(signal: AbortSignal): Promise<void> {
    let tree = await openTree(db);
    let signed = 0;
    let signedAt = 0;
    async function sign(current: Frontier): Promise<void> {
      await signTree(options, current);
      [signed, signedAt, halted] = [current.size, performance.now(), ''];
    }
    // Before anything is added: a tree that is too short must not grow past the signed one unseen.
    await sign(tree);
    while (!signal.aborted) {
      const before = tree.size;
      tree = await growTree(db, tree);
      if (tree.size > signed && performance.now() - signedAt >= everyMs) await sign(tree);
      // Few entries wait for more: each growth costs a commit that waits for the disk.
      if (tree.size - before < GROWTH) await pause(Math.min(everyMs / 4, GATHER_MS), signal);
    }
  }

  return { ...leaderWorker({ db, name: 'tree', log, lead }), halted: () => halted };
}
