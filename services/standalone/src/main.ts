import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vietnamDate } from '@lienthong/kit';
import { PROVINCE_CODE, resolve } from '@lienthong/sample-data';
import { administrator } from './administrator.ts';
import { readStartSettings, sandboxEnv } from './config.ts';
import { type Platform, startPlatform } from './platform.ts';
import { loadSample } from './sample.ts';
import { openSandboxClock } from './sandbox/clock.ts';
import { type Sandbox, startSandbox } from './sandbox/start.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** Phường Long Châu: its one-stop unit can try the sample procedures. */
const COMMUNE_CODE = `${PROVINCE_CODE}.29551`;

const { values } = parseArgs({
  options: {
    empty: { type: 'boolean', default: false },
    /** With a clock that is moved, and agencies that answer by themselves; in a data folder of its own. */
    sandbox: { type: 'boolean', default: false },
  },
});
const print = (line: string) => console.log(line);
if (values.sandbox && values.empty) throw new Error('--sandbox needs the sample data; leave out --empty');

const settings = readStartSettings(values.sandbox ? '.lienthong-sandbox' : '.lienthong');
const clock = values.sandbox ? await openClock() : undefined;
const platform = await startPlatform(settings, { clock, env: clock && sandboxEnv(), progress: print });
let sandbox: Sandbox | undefined;
const stopping = stopOnSignal(async () => {
  print('stopping');
  await sandbox?.stop();
  await platform.stop();
});

try {
  if (!values.empty) {
    const admin = platform.connect(administrator);
    try {
      await loadSample(admin, print, clock);
      if (clock) sandbox = await startSandbox(platform, admin, clock, settings);
    } finally {
      admin.close();
    }
  }
  await introduce(platform);
} catch (error) {
  // A stop in the middle makes the calls fail.
  if (!stopping.aborted) throw error;
}

function openClock() {
  mkdirSync(settings.LIENTHONG_DATA, { recursive: true });
  return openSandboxClock(join(settings.LIENTHONG_DATA, 'sandbox-clock.json'));
}

async function introduce(running: Platform): Promise<void> {
  const { address, metricsAddress, restAddress, consoleUrl, stack, issuer, connect } = running;
  const scheme = running.tls ? 'https' : 'http';
  const grpcurl = running.tls ? `grpcurl -cacert ${running.caFile}` : 'grpcurl -plaintext';
  const admin = connect(administrator);
  const today = vietnamDate(clock?.now() ?? new Date());
  const commune = await resolve(admin, COMMUNE_CODE, today).finally(() => admin.close());
  const token = tokenCommand();
  print(`
Liên Thông runs.
  console     ${consoleUrl ?? 'off'}${consoleUrl === undefined ? '' : '   (open it in a browser and sign in as any officer)'}
  gRPC        ${address}   (reflection and health are on)
  REST        ${restAddress === undefined ? 'off' : `${scheme}://${restAddress}   (JSON; /docs to try it out)`}
  TLS         ${running.tls ? `clients trust ${running.caFile}` : 'off: a proxy ends it'}
  PostgreSQL  ${stack.databaseUrl.replace(/:[^:@/]+@/, ':…@')}
  NATS        ${stack.natsUrl.replace(/:[^:@/]+@/, ':…@')}
  metrics     ${metricsAddress === undefined ? 'off' : `${scheme}://${metricsAddress}/metrics   (for Prometheus)`}
  issuer      ${issuer.issuer}   (for development)

Tokens for an hour, of officers in the directory and of the platform's administrator:
  export CLERK=$(${token} --agency ${PROVINCE_CODE} --roles clerk)
  export LEADER=$(${token} --agency ${PROVINCE_CODE} --roles leader)
  export ADMIN=$(${token} --roles admin)

Who has the code ${PROVINCE_CODE} today?
  ${grpcurl} -H "authorization: Bearer $CLERK" -d '{"code":{"code":"${PROVINCE_CODE}"}}' \\
    ${address} lienthong.directory.v1.AgencyDirectoryService/ResolveCode

What can be applied for (no token needed)?
  ${grpcurl} -d '{"text":"khai sinh"}' \\
    ${address} lienthong.registry.v1.ProcedureRegistryService/SearchProcedures

Its inbox:
  ${grpcurl} -H "authorization: Bearer $CLERK" -d '{"pageSize":10}' \\
    ${address} lienthong.routing.v1.DocumentRoutingService/ListInbox

What concerns it, from the oldest event on and then live:
  ${grpcurl} -H "authorization: Bearer $CLERK" -d '{"start":"START_OLDEST"}' \\
    ${address} lienthong.feed.v1.FeedService/Follow

The same pushed to an address of its own (${sandbox ? 'http or https' : 'https'}; the reply holds the secret that signs it):
  ${grpcurl} -H "authorization: Bearer $LEADER" \\
    -d '{"requestId":"${randomUUID()}","url":"https://<host>/su-kien"}' \\
    ${address} lienthong.feed.v1.WebhookService/CreateWebhook
${commune === undefined ? '' : introduceDossiers(address, grpcurl)}
${sandbox === undefined ? '' : introduceSandbox(sandbox, address, grpcurl)}How far the event logs and consumers are:
  ${grpcurl} -H "authorization: Bearer $ADMIN" \\
    ${address} lienthong.operations.v1.OperationsService/GetStatus

Stop with Ctrl-C.`);
}

/** It needs the data folder, unless that is the usual one. */
function tokenCommand(): string {
  const { LIENTHONG_DATA } = settings;
  return `${LIENTHONG_DATA === '.lienthong' ? '' : `LIENTHONG_DATA='${LIENTHONG_DATA}' `}npm run -s token --`;
}

function introduceDossiers(address: string, grpcurl: string): string {
  return `
A dossier is handed in at the one-stop unit of ${COMMUNE_CODE}; the reply holds its code, and the secret to follow it:
  export ONE_STOP=$(${tokenCommand()} --agency ${COMMUNE_CODE} --roles clerk,officer)
  ${grpcurl} -H "authorization: Bearer $ONE_STOP" \\
    -d '{"requestId":"${randomUUID()}","procedureCode":"2.000815","channel":"CHANNEL_IN_PERSON","applicant":{"fullName":"Nguyễn Thị Mẫu"},"data":{"pages":"2"},"papers":[{"key":"ban-chinh","name":"Bằng tốt nghiệp","originals":1}],"accept":true}' \\
    ${address} lienthong.casework.v1.CaseworkService/LodgeDossier

What there is to do, by deadline:
  ${grpcurl} -H "authorization: Bearer $ONE_STOP" -d '{"pageSize":10}' \\
    ${address} lienthong.casework.v1.CaseworkService/ListWork

Where the dossier is (no token needed):
  ${grpcurl} -d '{"code":"<code>","secret":"<trackingSecret>"}' \\
    ${address} lienthong.casework.v1.TrackingService/TrackDossier
`;
}

function introduceSandbox({ url, counterparts }: Sandbox, address: string, grpcurl: string): string {
  const agencies = counterparts.map(({ code, does }) => `  ${code}: ${does}`).join('\n');
  const recipients = JSON.stringify(counterparts.map(({ code }) => ({ code: { code } })));
  return `The sandbox: agencies that answer by themselves, by its clock.
${agencies}
A document to them; the reply holds its id, by which you see what they report:
  ${grpcurl} -H "authorization: Bearer $CLERK" \\
    -d '{"requestId":"${randomUUID()}","type":"CV","notation":"UBND-VP","subject":"V/v thử kết nối","signer":{"competence":"KT. CHỦ TỊCH","position":"Phó Chủ tịch","fullName":"Nguyễn Văn Mẫu"},"recipients":${recipients}}' \\
    ${address} lienthong.routing.v1.DocumentRoutingService/IssueDocument
  ${grpcurl} -H "authorization: Bearer $CLERK" -d '{"documentId":"<id>"}' \\
    ${address} lienthong.routing.v1.DocumentRoutingService/ListDeliveries
Its clock; eight hours later; a document from one of them:
  curl ${url}/
  curl -H 'content-type: application/json' -d '{"advance":"8h"}' ${url}/clock
  curl -H 'content-type: application/json' -d '{"to":"${COMMUNE_CODE}"}' ${url}/documents

`;
}
