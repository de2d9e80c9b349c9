import { parseArgs } from 'node:util';
import { openDatabase } from '@lienthong/kit';
import { archiveEntries } from '../archive.ts';
import { readSigningKeys } from '../tree/signing-keys.ts';

const USAGE = `usage: node services/audit/src/commands/archive.ts --before INDEX --to FILE
MIGRATION_DATABASE_URL of a role that may act as the owner of the schema; AUDIT_SIGNING_KEY as for the service`;

const { values } = parseArgs({ options: { before: { type: 'string' }, to: { type: 'string' } } });
const { MIGRATION_DATABASE_URL: url, AUDIT_SIGNING_KEY: keyFile } = process.env;
const before = Number(values.before);
if (!url || !keyFile || !values.to || !Number.isSafeInteger(before) || before < 1) {
  console.error(USAGE);
  process.exit(2);
}
const onError = (error: Error) => console.error(error.message);
const db = openDatabase({ url, schema: 'audit', connections: 2, onError });
try {
  const { from, to } = await archiveEntries({
    db,
    keys: await readSigningKeys(keyFile),
    before,
    file: values.to,
  });
  console.log(
    `the entries from ${from} to ${to - 1} are in ${values.to}, verified, and no longer in the database`,
  );
} finally {
  await db.close();
}
