import { createLog, developmentIssuer, runServices, tokenVerifier } from '@lienthong/kit';
import { notification } from '../../src/service.ts';

/** The service in a process of its own, to be killed; see crash.test.ts. */
export interface Setup {
  databaseUrl: string;
  natsUrl: string;
  natsPrefix: string;
  env: Record<string, string>;
}

const { databaseUrl, natsUrl, natsPrefix, env } = JSON.parse(process.argv[2] ?? '') as Setup;
const issuer = await developmentIssuer();
await runServices([notification], {
  databaseUrl,
  natsUrl,
  listen: '127.0.0.1:0',
  verifyToken: tokenVerifier(issuer.keys, issuer.issuer),
  log: createLog('test', 'silent'),
  subjectRoot: natsPrefix,
  connections: 4,
  env,
});
// The parent went away.
process.once('disconnect', () => process.exit());
process.send?.('ready');
