/**
 * Prints the part of nats-server's configuration that lets users in, for an operator's own NATS.
 *
 *   node services/standalone/src/nats-config.ts services <folder>
 *     The users of all services. Their key pairs are made once and kept in <folder>/nats-users, one file for each
 *     service: its NATS_NKEY_FILE.
 *   node services/standalone/src/nats-config.ts agency <code> <public key> [--units]
 *     The user of an agency, which makes the key pair itself and keeps the seed. It sees the events of its own code,
 *     with --units also those of the codes below it.
 */
import { parseArgs } from 'node:util';
import { agencyPermissions } from '@lienthong/eventlog';
import { baseSettings, readSettings } from '@lienthong/kit';
import { natsUsers, userEntry, usersConfiguration } from './nats-users.ts';

const { values, positionals } = parseArgs({
  options: { units: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const { SUBJECT_ROOT: root } = readSettings(baseSettings.pick({ SUBJECT_ROOT: true }), process.env);
const [what, first, second] = positionals;

if (what === 'services' && first !== undefined) {
  const users = await natsUsers(first, root);
  print(users.map(({ nkey, ...permissions }) => userEntry(nkey, permissions)));
} else if (what === 'agency' && first !== undefined && /^U[A-Z2-7]{55}$/.test(second ?? '')) {
  print([userEntry(second as string, agencyPermissions(first, { root, units: values.units }))]);
} else {
  console.error('use: nats-config.ts services <folder> | agency <code> <public key, U…> [--units]');
  process.exitCode = 1;
}

function print(users: readonly unknown[]): void {
  console.log(usersConfiguration(users));
}
