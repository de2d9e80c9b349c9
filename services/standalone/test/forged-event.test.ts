import { agencyDirectory } from '@lienthong/agency-directory';
import { connectAgency } from '@lienthong/client';
import { Agency, Tier } from '@lienthong/contracts/directory';
import { encodeEvent, subjectOf } from '@lienthong/contracts/events';
import { documentRouting } from '@lienthong/document-routing';
import { connectNats, schemaOf, vietnamDate } from '@lienthong/kit';
import { ended } from '@lienthong/reference-data/testing';
import { openTestDatabase, runTestServices, testStack } from '@lienthong/testkit';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { expect, onTestFinished, test, vi } from 'vitest';

// A stranger who may publish to the stream ends the province, so that a commune of their own gets its letters.

const administrator = { agencyId: '', officerId: 'admin', roles: ['admin' as const] };

test('a forged end of an agency takes no effect anywhere, also when the operator does what the relay says', async () => {
  const stack = await testStack();
  const running = await runTestServices([agencyDirectory, documentRouting], stack);
  const admin = connectAgency({ address: running.address, token: () => running.issuer.issue(administrator) });
  const routing = openTestDatabase(stack.databaseUrl, schemaOf(documentRouting.name));
  const stranger = await connectNats({ url: stack.natsUrl }, 'observer');
  onTestFinished(async () => {
    await stranger.close();
    admin.close();
    await running.stop();
    await routing.close();
    await stack.close();
  });
  const establish = async (code: string) =>
    (
      await admin.directory.establishAgency({
        part: { codes: [{ scheme: 'QD20', code }], name: `Ủy ban nhân dân ${code}`, tier: Tier.COMMUNE },
        legalBasis: 'QĐ 1/QĐ-UBND',
      })
    ).agency as Agency;
  const copies = async () =>
    new Map(
      (
        await routing.query<{ id: string; record: Uint8Array }>({ text: 'select id, record from agency' })
      ).map(({ id, record }) => [id, Agency.decode(record)]),
    );
  const [province, commune] = [await establish('H61'), await establish('H61.1')];
  await vi.waitFor(async () => expect((await copies()).size).toBe(2), 10_000);

  const stream = `${stack.natsPrefix}_directory`.toUpperCase();
  const manager = await jetstreamManager(stranger);
  const genuine = await manager.streams.getMessage(stream, { seq: 1 });
  const forged = headers();
  for (const [name, [value]] of genuine?.header ?? [])
    if (name !== 'Nats-Expected-Last-Sequence') forged.set(name, value ?? '');
  const type = 'lienthong.directory.v1.AgencyEnded';
  for (const [name, value] of Object.entries({
    'ce-id': crypto.randomUUID(),
    'ce-type': type,
    'ce-subject': province.id,
    'ce-aggregateversion': '2',
    'ce-agencyid': province.id,
  }))
    forged.set(name, value);
  const agency = ended(province, vietnamDate(new Date()), commune.id);
  const { seq } = await jetstream(stranger).publish(
    subjectOf(stack.natsPrefix, type, 'H61'),
    encodeEvent(type, { agency } as never),
    { headers: forged },
  );
  expect(seq).toBe(3);

  const status = async () =>
    (await admin.operations.getStatus({})).logs.find((log) => log.source === 'directory');
  await vi.waitFor(
    async () =>
      expect((await status())?.halted).toMatch(/something else published to the stream.*No service applies/),
    10_000,
  );
  const third = await establish('H61.2');
  expect((await copies()).get(province.id)?.endedOn).toBe('');
  // What the relay says to do.
  await manager.streams.delete(stream);
  await vi.waitFor(async () => expect((await copies()).has(third.id)).toBe(true), 10_000);
  expect((await status())?.halted).toBe('');
  expect((await copies()).get(province.id)).toMatchObject({ endedOn: '', version: 1n });
});
