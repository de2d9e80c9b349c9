import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { type EventType, eventContracts } from '@lienthong/contracts/events';
import {
  connectNats,
  createAdmission,
  createLog,
  createPageTokens,
  LOOPBACK_ONLY,
  openDatabase,
  schemaOf,
  systemClock,
} from '@lienthong/kit';
import { describeMethods, EVENT_KEYS, testStack } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { services } from '../src/services.ts';
import { ACTS } from './support/acts.ts';

/** Methods that neither leave an event nor are recorded as reads, with the reason. */
const NEITHER: Record<string, string[]> = {
  'directory and calendar': [
    'GetCaller',
    'GetAgency',
    'ResolveCode',
    'GetLineage',
    'ListChildren',
    'FindResponsible',
    'SearchAgencies',
    'ListOfficers',
    'GetCalendarYear',
    'ExplainDeadline',
    'ListCertificates',
  ],
  'public: procedures, and their drafts, which hold no documents and dossiers': [
    'GetProcedure',
    'ListVersions',
    'SearchProcedures',
    'ExportProcedures',
    'GetDefinitionSchema',
    'CheckDefinition',
    'CheckDefinitionText',
    'SimulateProcedure',
    'DrawWorkflow',
  ],
  'numbers only': [
    'CountOpenWork',
    'CountRunningDossiers',
    'CountOpenDeliveries',
    'GetStatistics',
    'CountReceived',
    'GetOpenFigures',
    'CompareVersions',
    'CountInbox',
    'CountWork',
    'CountUnread',
  ],
  'not lodged yet: notes of an agency of its own': ['SaveDraft', 'GetDraft', 'ListDrafts', 'DiscardDraft'],
  'not imported yet: lines of a file that nobody sees': ['StageDossiers', 'GetImport', 'DiscardImport'],
  'content that nothing names yet: the document or dossier that names it is an event': [
    'UploadFile',
    'UploadAttachment',
  ],
  'one’s own messages and settings': [
    'ListMessages',
    'MarkRead',
    'GetPreferences',
    'GetAgencyEndpoint',
    'GetWebhook',
    'ListWebhooks',
    'ListAttempts',
  ],
  'the state of deliveries and of the platform, without contents': [
    'ListNotifications',
    'GetNotification',
    'GetChannelStatus',
    'ListTemplates',
    'PreviewTemplate',
    'GetStatus',
    'ListParkedEvents',
    'ListAllWebhooks',
    'ListWebhookAttempts',
    'FindDocumentsByNumber',
    'ListStrandedDeliveries',
    'ListStrandedWork',
    'FindTraces',
    'GetTrace',
    'GetJourney',
  ],
};

const sourceOf = (fullName: string) => fullName.split('.')[1] as string;

/** The methods that the services declare as reads, by their full names. */
async function declaredReads(): Promise<Set<string>> {
  const stack = await testStack();
  const nats = await connectNats({ url: stack.natsUrl }, 'record-test');
  const log = createLog('record-test', 'silent');
  const found = new Set<string>();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  for (const service of services) {
    const db = openDatabase({
      url: stack.databaseUrl,
      schema: schemaOf(service.name),
      connections: 1,
      onError: () => {},
    });
    onTestFinished(() => db.close());
    const env = {
      ...EVENT_KEYS,
      LIENTHONG_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
    };
    const { rpc, directory, readLog } = await service.compose({
      name: service.name,
      ...{ db, nats, log, env },
      clock: systemClock,
      tls: LOOPBACK_ONLY,
      subjectRoot: 'lt',
      reader: nats,
    });
    const least = { rate: { perSecond: 1, burst: 1 }, atOnce: 1, streams: 1 };
    const edge = {
      clock: systemClock,
      log,
      admission: createAdmission({ perProcess: 1, perAgency: least, perOfficer: least, perAddress: least }),
      pageTokens: createPageTokens(randomBytes(32)),
      directory,
      ...(readLog && { readLog }),
    };
    for (const one of rpc)
      for (const [path, { recorder }] of one.bind(edge).methods)
        if (recorder) found.add(path.slice(1).replace('/', '.'));
  }
  onTestFinished(async () => {
    await nats.close();
    await stack.close();
  });
  return found;
}

test('every method leaves an event, is recorded as a read, or has a reason for neither', async () => {
  const reads = await declaredReads();
  const reasons = Object.values(NEITHER).flat();
  const problems: string[] = [];
  const used = new Set<string>();
  for (const method of describeMethods(fileDescriptorSet()).methods) {
    const fullName = `${method.parent.typeName}.${method.name}`;
    if (!fullName.startsWith('lienthong.')) continue;
    used.add(method.name);
    const event = ACTS[sourceOf(fullName)]?.[method.name];
    const kinds = [event !== undefined, reads.has(fullName), reasons.includes(method.name)];
    // Both services have drafts: those of the registry are events.
    const isOne = kinds.filter(Boolean).length === 1 || (event !== undefined && !reads.has(fullName));
    if (!isOne) problems.push(`${fullName}: event ${kinds[0]}, read ${kinds[1]}, neither ${kinds[2]}`);
  }
  expect(problems).toEqual([]);
  const listed = [...reasons, ...Object.values(ACTS).flatMap((acts) => Object.keys(acts))];
  expect(listed.filter((name) => !used.has(name))).toEqual([]);
});

test('every event of the list exists', () => {
  for (const [source, acts] of Object.entries(ACTS))
    for (const event of Object.values(acts)) {
      const sources = source === 'operations' ? ['directory', 'notification'] : [source];
      for (const one of sources)
        expect(eventContracts[`lienthong.${one}.v1.${event}` as EventType]).toBeDefined();
    }
});
