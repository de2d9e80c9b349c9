import { createLog, developmentIssuer, runServices, tokenVerifier } from '@lienthong/kit';
import { feed } from '../../src/service.ts';

/** The feed in a process of its own, to be killed: its servers and settings are the first argument. */
const { databaseUrl, natsUrl, natsPrefix, env } = JSON.parse(process.argv[2] ?? '{}');
const issuer = await developmentIssuer();
await runServices([feed], {
  databaseUrl,
  natsUrl,
  listen: '127.0.0.1:0',
  verifyToken: tokenVerifier(issuer.keys, issuer.issuer),
  log: createLog('child', 'silent'),
  clock: undefined,
  subjectRoot: natsPrefix,
  connections: 4,
  env,
});
process.send?.('ready');
