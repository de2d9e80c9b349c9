import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DescMethod, fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency, decodeErrorDetails, Status } from '@lienthong/client';
import { EntryKind } from '@lienthong/contracts/audit';
import { StatisticsGroup } from '@lienthong/contracts/casework';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { Tier } from '@lienthong/contracts/directory';
import { Start } from '@lienthong/contracts/feed';
import { Channel } from '@lienthong/contracts/registry';
import { type Role, startTelemetry, vietnamDate } from '@lienthong/kit';
import { describeMethods, rawCaller, runTestServices, testStack } from '@lienthong/testkit';
import { definition, step } from '@lienthong/workflow/testing';
import { context, trace } from '@opentelemetry/api';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { services } from '../src/services.ts';

// An object of another agency and one that does not exist get the same reply, after the same trips to the database,
// from every method that takes its name.

const ROLES_OF_STAFF: Role[] = ['clerk', 'officer', 'leader'];
/** The fields that name an object of an agency. */
const NAMES = [
  'document_id',
  'delivery_id',
  'dossier_id',
  'draft_id',
  'webhook_id',
  'sha256',
  'event_id',
  'code',
];
/** Of these services everything belongs to agencies. */
const SERVICES = [
  'audit.v1.AuditService',
  'casework.v1.CaseworkService',
  'casework.v1.CitizenFileService',
  'casework.v1.CitizenPaymentService',
  'casework.v1.DossierFileService',
  'casework.v1.DraftService',
  'casework.v1.TrackingService',
  'feed.v1.WebhookService',
  'notification.v1.CitizenNotificationService',
  'routing.v1.AttachmentService',
  'routing.v1.DocumentRoutingService',
];
/** What the other fields of a request hold, by name, or by method and name. */
const VALUES: Record<string, unknown> = {
  task_number: 1,
  officer_id: randomUUID(),
  webhook_id: randomUUID(),
  event_id: randomUUID(),
  agency_ids: [randomUUID()],
  'SaveDraft.version': '1',
  lodging: { procedureCode: '1.001193', channel: 'CHANNEL_IN_PERSON' },
  reason: 'Lý do',
  content: 'Nội dung',
  note: 'Ghi chú',
  question: 'Hỏi ý kiến',
  receipt: 'BL-1',
  amount_vnd: '1000',
  contact_phone: '0901234567',
  secret: 'wrong-secret',
  contact: { email: 'mau@example.vn' },
  url: 'https://1.1.1.1/hook',
  since: new Date().toISOString(),
  due_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  status: 'DELIVERY_STATUS_ACCEPTED',
  form: 'FORM_RECEIPT',
  format: 'FORMAT_PDF',
};

interface Owned {
  name: string;
  value: string;
  missing: string;
}
let owned: Owned[];
let looked: Record<'before' | 'after', Record<'own' | 'stranger', Record<string, unknown>>>;
let raw: ReturnType<typeof rawCaller>;
let token: string;
/** The trips to the database of each trace, each with the name of its first statement. */
let trips: Map<string, string[]>;
let ids: { own: string; stranger: string };
const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

beforeAll(async () => {
  const telemetry = await startTelemetry({ service: 'test' });
  closing.push(() => telemetry.stop());
  trips = noteTrips();
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-others-'));
  closing.push(
    () => stack.close(),
    () => rmSync(folder, { recursive: true }),
  );
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runTestServices(services, stack, {
    connections: 2,
    env: {
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      AUDIT_CHECKPOINT_MS: '50',
    },
  });
  closing.push(() => running.stop());
  const connect = (agencyId: string, roles: Role[], after = '') => {
    const caller = { agencyId, officerId: 'mẫu', roles };
    const client = connectAgency({
      address: running.address,
      token: () => running.issuer.issue(caller),
      after,
      timeoutMs: 30_000,
    });
    closing.push(() => client.close());
    return client;
  };
  const admin = connect('', ['admin']);
  ids = { own: await establish(admin, 'H61.1'), stranger: await establish(admin, 'H61.2') };
  await publish(admin);
  const own = connect(ids.own, ROLES_OF_STAFF, admin.written());
  const stranger = connect(ids.stranger, ROLES_OF_STAFF, admin.written());
  const nothing = await lookAll(own, stranger);
  owned = await makeObjects(own);
  // Until the last of the events has reached the feed and the audit.
  await vi.waitFor(
    async () => {
      looked = { before: nothing, after: await lookAll(own, stranger) };
      for (const name of Object.keys(looks))
        expect(looked.after.own[name], name).not.toEqual(nothing.own[name]);
    },
    { timeout: 60_000, interval: 500 },
  );
  raw = rawCaller(running.address, { ms: 5_000 });
  closing.push(() => raw.close());
  token = await running.issuer.issue({ agencyId: ids.stranger, officerId: 'lạ', roles: ROLES_OF_STAFF });
}, 120_000);

/** Of copies that are read again when they are old, by whichever call comes then. */
const REFRESHES = /_changed_since$/;

/** A trip is a statement outside of a transaction, or the statements of one that are sent together. */
function noteTrips(): Map<string, string[]> {
  const noted = new Map<string, string[]>();
  const note = (statement: object) => {
    const { name = '', text = '' } = statement as pg.QueryConfig;
    const { traceId = '' } = trace.getSpanContext(context.active()) ?? {};
    if (!REFRESHES.test(name)) noted.set(traceId, [...(noted.get(traceId) ?? []), name || text]);
  };
  const { query } = pg.Pool.prototype;
  const { query: send } = pg.Client.prototype;
  const spies = [
    // The pool gives a statement to a client later, which may be in another trace then.
    vi.spyOn(pg.Pool.prototype, 'query').mockImplementation(function (this: pg.Pool, ...sent: unknown[]) {
      note(sent[0] as object);
      return Reflect.apply(query, this, sent);
    } as never),
    vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...sent: unknown[]) {
      const [statement] = sent as [object | string];
      if (typeof statement === 'object' && 'submit' in statement) note(statement);
      return Reflect.apply(send, this, sent);
    } as never),
  ];
  closing.push(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return noted;
}

async function establish(admin: AgencyClient, code: string): Promise<string> {
  const { agency } = await admin.directory.establishAgency({
    part: { codes: [{ code }], name: `Ủy ban nhân dân xã ${code}`, tier: Tier.COMMUNE },
    legalBasis: 'QĐ 1/QĐ-UBND',
  });
  return agency?.id ?? expect.fail('no agency in the reply');
}

async function publish(admin: AgencyClient): Promise<void> {
  const { procedure } = await admin.procedures.draftProcedure({
    definition: definition(step('lam', { produces: ['giay-phep'] })),
  });
  const procedureId = procedure?.id;
  await admin.procedures.validateProcedure({ procedureId });
  const effectiveOn = vietnamDate(new Date());
  await admin.procedures.publishProcedure({
    procedureId,
    effectiveOn,
    decision: {
      number: '1/QĐ-UBND',
      decidedOn: effectiveOn,
      signerName: 'Nguyễn Văn Mẫu',
      signerPosition: 'Chủ tịch',
    },
  });
}

const APPLICANT = { fullName: 'Nguyễn Thị Mẫu', identityNumber: '086190000001', phone: '0901 234 567' };

/** Where things of an agency are listed, found and counted. */
const looks: Record<string, (client: AgencyClient) => Promise<unknown>> = {
  'letters received, by a word': ({ routing }) => routing.listInbox({ filter: { text: 'Kế hoạch' } }),
  'letters sent': ({ routing }) => routing.listOutbox({}),
  'documents by the id of another system': ({ routing }) => routing.findDocuments({ documentId: 'VB-1' }),
  'dossiers by the applicant': ({ casework }) =>
    casework.listDossiers({ identityNumber: APPLICANT.identityNumber }),
  'dossiers by a phone number': ({ casework }) => casework.listDossiers({ phone: APPLICANT.phone }),
  dossiers: ({ casework }) => casework.listDossiers({}),
  work: ({ casework }) => casework.listWork({}),
  'the amount of work': ({ casework }) => casework.countWork({}),
  'statistics of a procedure': ({ statistics }) =>
    statistics.getStatistics({
      from: '2020-01-01',
      to: '2099-12-31',
      procedureCode: '1.001193',
      groupBy: [StatisticsGroup.PROCEDURE],
    }),
  drafts: ({ drafts }) => drafts.listDrafts({}),
  webhooks: ({ webhooks }) => webhooks.listWebhooks({}),
  'entries of the audit about an agency': ({ audit }) => audit.listEntries({ filter: { agencyId: ids.own } }),
  'the number of entries': ({ audit }) => audit.countEntries({ filter: { agencyId: ids.own } }),
  'events of the feed': async ({ feed }) => (await feed.listEvents({ start: Start.OLDEST })).events,
};

async function lookAll(own: AgencyClient, stranger: AgencyClient) {
  const look = async (client: AgencyClient) => {
    const found: Record<string, unknown> = {};
    for (const [name, list] of Object.entries(looks)) found[name] = await list(client);
    return found;
  };
  return { own: await look(own), stranger: await look(stranger) };
}

/** One object of every kind, of the client's agency, and the name of one like it that does not exist. */
async function makeObjects(own: AgencyClient): Promise<Owned[]> {
  const bytes = Buffer.from(`%PDF-1.7 ${randomUUID()}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await own.uploadAttachment(bytes);
  await own.uploadDossierFile(bytes);
  const { document, deliveries } = await own.routing.issueDocument({
    type: 'KH',
    notation: 'KH-UBND',
    subject: 'Kế hoạch',
    signer: { competence: 'TM. UBND', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
    recipients: [{ recipient: { $case: 'agencyId', value: ids.own } }],
    attachments: [{ sha256, name: 'kế hoạch.pdf', contentType: 'application/pdf' }],
    exchange: { origin: { system: 'e-office', documentId: 'VB-1' } },
  });
  const lodging = {
    procedureCode: '1.001193',
    channel: Channel.IN_PERSON,
    applicant: APPLICANT,
  };
  const dossier = await own.casework.lodgeDossier({ ...lodging, accept: true });
  // Statistics count dossiers that have ended.
  const { dossierId } = await own.casework.lodgeDossier({ ...lodging, accept: true });
  await own.casework.withdrawDossier({ dossierId, reason: 'Không còn nhu cầu' });
  const { draftId } = await own.drafts.saveDraft({ lodging });
  const { webhook } = await own.webhooks.createWebhook({ url: 'https://1.1.1.1/hook' });
  const eventId = await vi.waitFor(
    async () => {
      const { entries } = await own.audit.listEntries({ filter: { kind: EntryKind.EVENT }, pageSize: 1 });
      const value = entries[0]?.eventId ?? expect.fail('no entry');
      await own.audit.getProof({ entry: { $case: 'eventId', value } });
      return value;
    },
    { timeout: 30_000, interval: 200 },
  );
  const missing = randomUUID();
  return [
    { name: 'document_id', value: document?.id ?? '', missing },
    { name: 'delivery_id', value: deliveries[0]?.deliveryId ?? '', missing },
    { name: 'dossier_id', value: dossier.dossierId, missing },
    { name: 'code', value: dossier.code, missing: dossier.code.replace(/\d{4}$/, '9999') },
    { name: 'draft_id', value: draftId, missing },
    { name: 'webhook_id', value: webhook?.id ?? '', missing },
    { name: 'event_id', value: eventId, missing },
    { name: 'sha256', value: sha256, missing: randomBytes(32).toString('hex') },
  ];
}

/** FindDocuments gives a list; its document_id is another system's. */
const methods = describeMethods(fileDescriptorSet()).methods.filter(
  ({ name, parent, input }) =>
    name !== 'FindDocuments' &&
    SERVICES.includes(parent.typeName.replace('lienthong.', '')) &&
    input.fields.some(({ name }) => NAMES.includes(name)),
);

/** Of a complete request by a stranger. */
async function endingOf(method: DescMethod, { name, value }: { name: string; value: string }) {
  const json: JsonObject = { [name]: value };
  for (const field of method.input.fields) {
    if (field.name === name || field.oneof) continue;
    const given =
      field.name === 'request_id'
        ? randomUUID()
        : (VALUES[`${method.name}.${field.name}`] ?? VALUES[field.name]);
    if (given !== undefined) json[field.name] = given as string;
  }
  const request = toBinary(method.input, fromJson(method.input, json));
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const { code, message, details, replies } = await raw.call(method, [request], token, 20_000, traceparent);
  const { reason, violations, metadata } = decodeErrorDetails(details);
  const shape = JSON.stringify({ message, reason, violations, metadata, replies: replies.length });
  return {
    reply: `${Status[code]} ${shape.replaceAll(value, '<name>')}`,
    trips: trips.get(traceId) ?? [],
  };
}

test.each(methods.map((method) => [`${method.parent.name}/${method.name}`, method] as const))(
  '%s does the same for what belongs to others as for what does not exist',
  async (_, method) => {
    const names = method.input.fields.filter(({ name }) => NAMES.includes(name));
    for (const { name } of names) {
      const { value, missing } = owned.find((one) => one.name === name) ?? expect.fail(name);
      const found = await endingOf(method, { name, value });
      expect(found).toEqual(await endingOf(method, { name, value: missing }));
      expect(found.reply).toMatch(/^NOT_FOUND /);
      expect(found.trips).not.toEqual([]);
    }
  },
);

test.each(Object.keys(looks))('%s: a stranger sees the same whether there is something or not', (name) => {
  expect(looked.after.stranger[name]).toEqual(looked.before.stranger[name]);
});
