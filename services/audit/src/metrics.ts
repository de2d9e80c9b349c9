import { type Database, observeGauges, type Worker } from '@lienthong/kit';
import { checkpointLag } from './store/checkpoints.ts';
import { countLeaves } from './store/leaves.ts';
import { readTreeSize } from './store/tiles.ts';
import type { TreeWorker } from './tree/worker.ts';
import type { WitnessWorker } from './witnesses/worker.ts';

export interface LogMetricsOptions {
  db: Database;
  origin: string;
  tree: TreeWorker;
  witnesses: WitnessWorker;
}

/** The log's gauges, from the process that leads: a standby knows neither halts nor witnesses. */
export function logMetrics({ db, origin, tree, witnesses }: LogMetricsOptions): Worker {
  let stop = () => {};
  return {
    name: 'metrics of the log',
    async start() {
      stop = observeGauges(
        'lienthong.audit',
        {
          'lienthong.audit.leaves': { unit: '{entry}', description: 'Entries recorded' },
          'lienthong.audit.tree.lag': {
            unit: '{entry}',
            description: 'Entries recorded and not yet in the tree',
          },
          'lienthong.audit.tree.halted': {
            unit: '1',
            description: '1 when nothing is signed because the tree does not extend what was signed',
          },
          'lienthong.audit.checkpoint.lag': {
            unit: 's',
            description: 'How long an entry has waited for a published checkpoint that covers it',
          },
          'lienthong.audit.witness.silence': {
            unit: 's',
            description: 'How long a witness has been asked in vain',
          },
          'lienthong.audit.witness.disagrees': {
            unit: '1',
            description: '1 when a witness has seen a tree that the log does not extend',
          },
        },
        async (report) => {
          if (tree.halted() !== '' || tree.leading()) {
            report('lienthong.audit.tree.halted', tree.halted() === '' ? 0 : 1);
            const [leaves, size, lag] = await Promise.all([
              countLeaves(db),
              readTreeSize(db),
              checkpointLag(db, origin),
            ]);
            report('lienthong.audit.leaves', leaves);
            report('lienthong.audit.tree.lag', Math.max(0, leaves - size));
            report('lienthong.audit.checkpoint.lag', lag);
          }
          if (!witnesses.leading()) return;
          for (const witness of witnesses.states()) {
            const attributes = { 'lienthong.witness': witness.name };
            report('lienthong.audit.witness.silence', witness.silentMs() / 1_000, attributes);
            report('lienthong.audit.witness.disagrees', witness.disagrees ? 1 : 0, attributes);
          }
        },
      );
    },
    async stop() {
      stop();
    },
  };
}
