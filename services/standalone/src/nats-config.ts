/**
 * Prints the part of nats-server's configuration that lets the users of all services in, for an operator's own NATS.
 *
 *   node services/standalone/src/nats-config.ts services <folder>
 *     The key pairs are made once and kept in <folder>/nats-users, one file for each service: its NATS_NKEY_FILE.
 */
import { baseSettings, readSettings } from '@lienthong/kit';
import { natsUsers, userEntry, usersConfiguration } from './nats-users.ts';

const { SUBJECT_ROOT: root } = readSettings(baseSettings.pick({ SUBJECT_ROOT: true }), process.env);
const [what, folder] = process.argv.slice(2);

if (what === 'services' && folder !== undefined) {
  const users = await natsUsers(folder, root);
  console.log(usersConfiguration(users.map(({ nkey, ...permissions }) => userEntry(nkey, permissions))));
} else {
  console.error('use: nats-config.ts services <folder>');
  process.exitCode = 1;
}
