import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { EVENT_SOURCES } from '@lienthong/contracts/events';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, rpcService } from '@lienthong/kit';
import {
  agenciesConsumer,
  callerDirectory,
  certificatesConsumer,
  createAgencyCache,
  createOfficerCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { nodeMemory, nodesInTiles } from '@lienthong/transparency-log';
import { readConfig } from './config.ts';
import { logServer } from './http/log-server.ts';
import { logMetrics } from './metrics.ts';
import { countEntries } from './rpc/count-entries.ts';
import { exportEntries } from './rpc/export-entries.ts';
import { exportEvidence } from './rpc/export-evidence.ts';
import { getProof } from './rpc/get-proof.ts';
import { listEntries } from './rpc/list-entries.ts';
import { recordEntries } from './store/record.ts';
import { readTiles } from './store/tiles.ts';
import { readSigningKeys } from './tree/signing-keys.ts';
import { treeWorker } from './tree/worker.ts';
import { witnessWorker } from './witnesses/worker.ts';

/** The roots of full tiles and all above them, about 10 MB: a proof then reads one or two tiles. */
const REMEMBERED = { fromLevel: 8, nodes: 65_536 };

export const audit = defineService({
  name: 'audit',
  migrations: [
    eventLogMigrations,
    { name: 'audit', folder: new URL('../migrations/', import.meta.url), appendOnly: ['entry'] },
    referenceDataMigrations,
  ],
  async compose(ctx) {
    const { db, clock, log, tls } = ctx;
    const settings = readConfig(ctx.env);
    const keys = await readSigningKeys(settings.AUDIT_SIGNING_KEY);
    const { origin } = keys;
    const events = createEventLog({ ctx, source: 'audit' });
    for (const source of EVENT_SOURCES) {
      events.consumer({
        name: 'record',
        source,
        maxBatch: 1_024,
        lingerMs: 50,
        handle: (tx, batch) => recordEntries(tx, source, batch),
      });
    }
    events.consumer(agenciesConsumer);
    events.consumer(officersConsumer);
    events.consumer(certificatesConsumer);
    const registers = { agencies: createAgencyCache(), officers: createOfficerCache() };
    const common = {
      db,
      log,
      quorum: settings.AUDIT_WITNESS_QUORUM,
      everyMs: settings.AUDIT_CHECKPOINT_MS,
    };
    const tree = treeWorker({ ...common, keys });
    const witnesses = witnessWorker({
      ...common,
      clock,
      origin,
      witnesses: settings.AUDIT_WITNESSES,
      timeoutMs: settings.AUDIT_WITNESS_TIMEOUT_MS,
      silentMs: settings.AUDIT_WITNESS_SILENT_S * 1_000,
    });
    const remembering = nodeMemory(REMEMBERED);
    const nodesOf = (size: number) => remembering(nodesInTiles(readTiles(db), size));
    const { AUDIT_LISTEN: listen } = settings;
    return {
      directory: callerDirectory(db, registers),
      rpc: [
        rpcService(AuditServiceDefinition, { db, origin, nodesOf }, [
          listEntries,
          countEntries,
          getProof,
          exportEntries,
          exportEvidence,
        ]),
      ],
      workers: [
        ...events.workers(),
        tree,
        ...(settings.AUDIT_WITNESSES.length > 0 ? [witnesses] : []),
        logMetrics({ db, origin, tree, witnesses }),
        ...(listen === undefined ? [] : [logServer({ listen, tls, db, log, keys })]),
      ],
      operations: events.operations,
      catchUp: events.catchUp,
      readLog: events.readLog,
    };
  },
});
