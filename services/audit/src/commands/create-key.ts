import { parseArgs } from 'node:util';
import { createSigningKey, readSigningKeys } from '../tree/signing-keys.ts';

const USAGE = `usage: node services/audit/src/commands/create-key.ts --name NAME --to FILE
Makes a signing key of the log NAME, such as example.gov.vn/audit, unless FILE is there, and prints FILE's verifier keys`;

const { values } = parseArgs({ options: { name: { type: 'string' }, to: { type: 'string' } } });
if (!values.name || !values.to) {
  console.error(USAGE);
  process.exit(2);
}
await createSigningKey(values.to, values.name);
const { origin, signers } = await readSigningKeys(values.to);
for (const { verifierKey } of signers) console.log(verifierKey);
if (origin !== values.name) {
  console.error(`${values.to} was there, with the keys of the log ${origin}; name another file`);
  process.exitCode = 1;
}
