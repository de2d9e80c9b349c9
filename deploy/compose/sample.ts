/** Loads the sample data through the gateway, with a token of the trial's issuer: compose.trial.yaml. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAgency } from '@lienthong/client';
import { developmentIssuer } from '@lienthong/kit';
import { administrator, loadSample, readStandaloneSettings } from '@lienthong/standalone';

const { LIENTHONG_DATA: folder, LISTEN: address } = readStandaloneSettings();
const issuer = await developmentIssuer(folder);
const admin = connectAgency({
  address,
  tls: { ca: readFileSync(join(folder, 'tls/ca.pem')) },
  token: () => issuer.issue(administrator),
});
await loadSample(admin, console.log).finally(() => admin.close());
