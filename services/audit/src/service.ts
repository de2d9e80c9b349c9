import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { EVENT_SOURCES } from '@lienthong/contracts/events';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, rpcService } from '@lienthong/kit';
import { countEntries } from './rpc/count-entries.ts';
import { listEntries } from './rpc/list-entries.ts';
import { recordEntries } from './store/record.ts';

export const audit = defineService({
  name: 'audit',
  migrations: [
    eventLogMigrations,
    { name: 'audit', folder: new URL('../migrations/', import.meta.url), appendOnly: ['entry'] },
  ],
  compose(ctx) {
    const log = createEventLog({ ctx, source: 'audit' });
    for (const source of EVENT_SOURCES) {
      log.consumer({
        name: 'record',
        source,
        maxBatch: 1_024,
        lingerMs: 50,
        handle: (tx, events) => recordEntries(tx, source, events),
      });
    }
    return {
      rpc: [rpcService(AuditServiceDefinition, { db: ctx.db }, [listEntries, countEntries])],
      workers: log.workers(),
      operations: log.operations,
      catchUp: log.catchUp,
      readLog: log.readLog,
    };
  },
});
