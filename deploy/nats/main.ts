/**
 * Makes keys, credentials and configuration of NATS: for the hub's servers, the services and the leaf nodes of agencies.
 *
 *   node deploy/nats/main.ts <folder> [--dry-run] [--revoke <agency id>]
 *
 * <folder>/plan.json says what there is, <folder>/ca.pem holds the authority of the hub's certificate. Run it again after
 * each change, with each new version, and monthly: it keeps what is good, and renews what expires. --dry-run only prints
 * what it would do. --revoke replaces all credentials of a leaf node, and makes the old ones useless.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFolder } from './folder.ts';
import { makeFiles } from './make.ts';
import { readPlan } from './plan.ts';

const { values, positionals } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, revoke: { type: 'string' } },
  allowPositionals: true,
});
const [root] = positionals;
if (root === undefined) {
  console.error('use: main.ts <folder> [--dry-run] [--revoke <agency id>]');
  process.exitCode = 1;
} else {
  const plan = readPlan(join(root, 'plan.json'));
  const now = Math.floor(Date.now() / 1000);
  const report = (line: string) => console.log(line);
  const folder = openFolder(root, { dryRun: values['dry-run'], days: plan.days, now, report });
  makeFiles(folder, plan, values.revoke);
}
