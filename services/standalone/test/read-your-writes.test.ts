import { agencyDirectory } from '@lienthong/agency-directory';
import { connectAgency, Status } from '@lienthong/client';
import { Tier } from '@lienthong/contracts/directory';
import { DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { documentRouting } from '@lienthong/document-routing';
import { openDatabase } from '@lienthong/kit';
import { runTestServices, testStack } from '@lienthong/testkit';
import { createChannel, createClient, Metadata } from 'nice-grpc';
import { expect, onTestFinished, test } from 'vitest';

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
    /** Resolves once the lock is held, with what releases it. */
    holdBack: () =>
      new Promise<() => Promise<void>>((held, failed) => {
        let release = () => {};
        const released = new Promise<void>((resolve) => {
          release = resolve;
        });
        const holding = db.transaction(async (tx) => {
          await tx.query({ text: `select 1 from consumer_cursor where source = 'directory' for update` });
          held(async () => {
            release();
            await holding;
          });
          await released;
        });
        holding.catch(failed);
      }),
  };
}

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
