import { setTimeout } from 'node:timers/promises';
import { agencyDirectory } from '@lienthong/agency-directory';
import { casework } from '@lienthong/casework';
import { type AgencyClient, connectAgency, Status } from '@lienthong/client';
import type { LodgeDossierResponse } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { Channel } from '@lienthong/contracts/registry';
import { DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { documentRouting } from '@lienthong/document-routing';
import { type Caller, type Database, openDatabase, vietnamDate } from '@lienthong/kit';
import { notification } from '@lienthong/notification';
import { procedureRegistry } from '@lienthong/procedure-registry';
import { type RunningServices, runTestServices, type TestStack, testStack } from '@lienthong/testkit';
import { definition, step } from '@lienthong/workflow/testing';
import { createChannel, createClient, Metadata } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

/** The platform, and a way to keep document-routing from learning what the directory says. */
async function start() {
  const stack = await testStack();
  const running = await runTestServices([agencyDirectory, documentRouting], stack);
  const db = openDatabase({
    url: stack.databaseUrl,
    schema: 'document_routing',
    connections: 2,
    onError: (error) => console.error(error),
  });
  const administrator = { agencyId: '', officerId: 'admin', roles: ['admin' as const] };
  const client = connectAgency({
    address: running.address,
    token: () => running.issuer.issue(administrator),
  });
  const channel = createChannel(running.address);
  onTestFinished(async () => {
    client.close();
    channel.close();
    await running.stop();
    await db.close();
    await stack.close();
  });
  return {
    client,
    establish: async (code: string) => {
      const { agency } = await client.directory.establishAgency({
        part: {
          codes: [{ scheme: 'QD20', code }],
          name: `Ủy ban nhân dân xã ${code}`,
          tier: Tier.COMMUNE,
        },
        legalBasis: 'QĐ 1/QĐ-UBND',
      });
      return agency?.id ?? '';
    },
    /** Issues a document to an agency by its code, as a client without retries. */
    issue: async (agencyId: string, code: string, after: string) => {
      const clerk = { agencyId, officerId: 'văn thư', roles: ['clerk' as const] };
      const metadata = Metadata({ authorization: await running.bearer(clerk), 'lienthong-after': after });
      const request = {
        requestId: crypto.randomUUID(),
        type: 'KH',
        notation: 'KH-UBND',
        subject: 'Kế hoạch',
        signer: { competence: 'TM. UBND', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
        recipients: [{ recipient: { $case: 'code' as const, value: { scheme: 'QD20', code } } }],
      };
      return createClient(DocumentRoutingServiceDefinition, channel).issueDocument(request, { metadata });
    },
    holdBack: () => holdBack(db, 'directory'),
  };
}

/** Keeps a service from learning what a log says. Resolves once the lock is held, with what releases it. */
const holdBack = (db: Database, source: string) =>
  new Promise<() => Promise<void>>((held, failed) => {
    const released = Promise.withResolvers<void>();
    const holding = db.transaction(async (tx) => {
      await tx.query({
        text: 'select 1 from consumer_cursor where source = $1 for update',
        values: [source],
      });
      held(async () => {
        released.resolve();
        await holding;
      });
      await released.promise;
    });
    holding.catch(failed);
  });

test('a document reaches an agency that was established a moment ago, though routing learns of it later', async () => {
  const { client, establish, issue, holdBack } = await start();
  const issuer = await establish('H61.1');
  const release = await holdBack();
  await establish('H61.2');
  const after = client.written();
  expect(after).toMatch(/^directory=\d+$/);

  await expect(issue(issuer, 'H61.2', after)).rejects.toMatchObject({
    code: Status.UNAVAILABLE,
    details: expect.stringContaining('does not know yet'),
  });
  const issued = issue(issuer, 'H61.2', after);
  await release();
  expect((await issued).deliveries).toHaveLength(1);
});

describe('the services of a dossier', () => {
  let stack: TestStack;
  let running: RunningServices;
  let admin: AgencyClient;
  let agencyId: string;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    stack = await testStack();
    running = await runTestServices([agencyDirectory, procedureRegistry, casework, notification], stack, {
      env: { LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` },
    });
    admin = connect({ agencyId: '', officerId: 'admin', roles: ['admin'] });
    const { agency } = await admin.directory.establishAgency({
      part: {
        codes: [{ scheme: 'QD20', code: 'H61.1' }],
        name: 'Ủy ban nhân dân xã 1',
        tier: Tier.COMMUNE,
      },
      legalBasis: 'QĐ 1/QĐ-UBND',
    });
    agencyId = agency?.id ?? '';
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await running?.stop();
    await stack?.close();
  });

  function connect(caller: Caller, after = '') {
    const { address } = running;
    const client = connectAgency({ address, token: () => running.issuer.issue(caller), after });
    closing.push(client.close);
    return client;
  }
  const as = (role: 'clerk' | 'leader', after?: string) =>
    connect({ agencyId, officerId: role, roles: [role] }, after);

  /** The reply to a call that comes before its service has learnt of `write`; without positions it is refused. */
  async function afterWrite<W, R>(
    schema: string,
    source: string,
    write: () => Promise<W>,
    early: (written: W) => Promise<unknown>,
    call: (written: W) => Promise<R>,
  ): Promise<[W, R]> {
    const db = openDatabase({
      url: stack.databaseUrl,
      schema,
      connections: 2,
      onError: (error) => console.error(error),
    });
    const release = await holdBack(db, source);
    try {
      const written = await write();
      await expect(early(written)).rejects.toMatchObject({
        code: expect.toBeOneOf([Status.NOT_FOUND, Status.FAILED_PRECONDITION, Status.INVALID_ARGUMENT]),
      });
      const reply = call(written);
      reply.catch(() => {});
      await setTimeout(200);
      await release();
      return [written, await reply];
    } finally {
      await release();
      await db.close();
    }
  }

  test('a dossier is lodged, followed and assigned right after what each needs was written', async () => {
    const lodging = {
      procedureCode: '1.001193',
      channel: Channel.IN_PERSON,
      applicant: { fullName: 'Nguyễn Thị Mẫu', identityNumber: '086190000001', phone: '0901 234 567' },
      accept: true,
    };
    const { procedure } = await admin.procedures.draftProcedure({
      definition: definition(step('lam', { produces: ['giay-phep'] })),
    });
    const procedureId = procedure?.id;
    await admin.procedures.validateProcedure({ procedureId });
    const effectiveOn = vietnamDate(new Date());
    const decision = {
      number: '1/QĐ-UBND',
      decidedOn: effectiveOn,
      signerName: 'Nguyễn Văn Mẫu',
      signerPosition: 'Chủ tịch',
    };
    const [, lodged] = await afterWrite(
      'casework',
      'registry',
      () => admin.procedures.publishProcedure({ procedureId, effectiveOn, decision }),
      () => as('clerk').casework.lodgeDossier(lodging),
      () => as('clerk', admin.written()).casework.lodgeDossier(lodging),
    );
    expect(lodged.dossierId).not.toBe('');

    const clerk = as('clerk', admin.written());
    const follow = ({ code, trackingSecret: secret }: LodgeDossierResponse) => ({
      code,
      secret,
      contact: { email: 'mau@example.vn', phone: '' },
    });
    await afterWrite(
      'notification',
      'casework',
      () => clerk.casework.lodgeDossier(lodging),
      (one) => as('clerk').following.followDossier(follow(one)),
      (one) => clerk.following.followDossier(follow(one)),
    );

    const assignment = { dossierId: lodged.dossierId, taskNumber: 1 };
    const [appointed] = await afterWrite(
      'casework',
      'directory',
      () =>
        admin.directory.appointOfficer({
          agencyId,
          fullName: 'Nguyễn Văn Mẫu',
          position: 'Chuyên viên',
          roles: ['officer'],
        }),
      ({ officer }) => as('leader').casework.assignTask({ ...assignment, officerId: officer?.id }),
      ({ officer }) =>
        as('leader', admin.written()).casework.assignTask({ ...assignment, officerId: officer?.id }),
    );
    const { dossier } = await clerk.casework.getDossier({ dossierId: lodged.dossierId });
    expect(dossier?.tasks.map(({ assigneeId }) => assigneeId)).toEqual([appointed.officer?.id]);
  });
});
