import { setTimeout as sleep } from 'node:timers/promises';
import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { believing, stubService } from '@lienthong/testkit';
import { defineService, type Service, type Worker } from '../../src/index.ts';

export interface Sample {
  name?: string;
  workers?: Worker[];
  /** Whether it serves audit's methods; one service of a process can. */
  serves?: boolean;
}

/** A small service: one table, a call that counts its rows, and the given workers. */
export function sampleService({ name = 'sample', workers = [], serves = true }: Sample = {}): Service {
  return defineService({
    name,
    migrations: [{ name: 'first', folder: new URL('../migrations/first/', import.meta.url) }],
    compose: ({ db }) => ({
      directory: believing,
      rpc: serves
        ? [
            stubService(AuditServiceDefinition, {
              async countEntries(request) {
                await sleep(request.filter?.officerId === 'slow' ? 500 : 0);
                const [row] = await db.query<{ n: number }>({
                  text: 'select count(*)::int as n from note',
                });
                return { count: BigInt(row?.n ?? -1) };
              },
            }),
          ]
        : [],
      workers,
    }),
  });
}

/** A worker that records its start and stop in `diary`. */
export const recordingWorker = (name: string, diary: string[], failure?: Error): Worker => ({
  name,
  async start() {
    diary.push(`start ${name}`);
    if (failure) throw failure;
  },
  async stop() {
    diary.push(`stop ${name}`);
  },
});
