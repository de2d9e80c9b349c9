/**
 * Checks a restored database: the last step of deploy/backup/drill.
 *
 *   DRILL_DATABASE_URL=postgres://… NATS_URL=nats://… EVENT_MAC_KEYS=… AUDIT_SIGNING_KEY=… npm run drill -- [--to FILE]
 *     Counts its rows, compares its logs with the streams and its audit with what was signed, and shows what would be
 *     lost if the platform went on from it. Changes nothing. FILE gets the result for Prometheus, when all is well.
 */
import { parseArgs } from 'node:util';
import { checkRestoredLog } from '@lienthong/audit/check-restored';
import { readSigningKeys } from '@lienthong/audit/signing-key';
import { planReconciliation } from '@lienthong/eventlog';
import { baseSettings, natsSettings, readSettings } from '@lienthong/kit';
import { z } from 'zod';
import { describeLoss } from '../reconcile/describe.ts';
import { withPlatform } from '../with-platform.ts';
import { faultsOfLogs, newestEvent, secondsLost } from './check-logs.ts';
import { countRows } from './count-rows.ts';
import { writeResult } from './result-file.ts';

const { values } = parseArgs({ options: { to: { type: 'string' } } });
const settings = readSettings(
  natsSettings.extend({
    DRILL_DATABASE_URL: z.string().describe('the restored PostgreSQL, as a role that may read all schemas'),
    NATS_URL: baseSettings.shape.NATS_URL,
    SUBJECT_ROOT: baseSettings.shape.SUBJECT_ROOT,
    AUDIT_SIGNING_KEY: z.string().describe("the file with the keys that sign the audit's log"),
    LOG_LEVEL: baseSettings.shape.LOG_LEVEL.default('warn'),
  }),
  process.env,
);
await withPlatform(
  settings,
  () => settings.DRILL_DATABASE_URL,
  async (deps) => {
    const { services } = deps;
    const tables = (await Promise.all(services.map(({ db }) => countRows(db)))).flat();
    for (const { schema, table, rows } of tables) console.log(`${schema}.${table}: ${rows}`);
    const missing = services.filter(({ db }) => !tables.some(({ schema }) => schema === db.schema));
    if (missing.length > 0)
      throw new Error(`the backup lacks the data of ${missing.map(({ name }) => name).join(', ')}`);

    const plans = await planReconciliation(deps);
    const faults = await faultsOfLogs(services, plans);
    const restoredTo = await newestEvent(services);
    if (faults.length > 0 || restoredTo === undefined) throw new Error(faults.join('\n'));
    const audit = services.find(({ name }) => name === 'audit');
    if (audit === undefined) throw new Error('there is no audit');
    const log = await checkRestoredLog(audit.db, await readSigningKeys(settings.AUDIT_SIGNING_KEY));
    console.log(
      `audit: ${log.entries} entries, ${log.size} in the tree, ${log.checkpoint} signed, ${log.kept ?? 'none'} in the kept checkpoint`,
    );

    const rows = tables.reduce((sum, one) => sum + one.rows, 0);
    console.log(`The backup is whole: ${rows} rows; its newest event is of ${restoredTo.toISOString()}.`);
    console.log(describeLoss(plans, log.lost));
    if (values.to !== undefined)
      writeResult(values.to, { testedAt: new Date(), lostSeconds: secondsLost(plans, restoredTo) });
  },
);
