import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { createEventLog, type EventSource, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, rpcService } from '@lienthong/kit';
import { countEntries } from './rpc/count-entries.ts';
import { listEntries } from './rpc/list-entries.ts';
import { recordEntries } from './store/record.ts';

const SOURCES: readonly EventSource[] = ['directory', 'registry', 'routing', 'casework', 'feed'];

export const audit = defineService({
  name: 'audit',
  migrations: [eventLogMigrations, { name: 'audit', folder: new URL('../migrations/', import.meta.url) }],
  compose(ctx) {
    const log = createEventLog({ ctx });
    for (const source of SOURCES) {
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
    };
  },
});
