import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openReceiver } from './support/receiver.ts';
import { openHookWorld, subjects, until } from './support/webhooks.ts';

test('a receiver under the authority of WEBHOOK_CA gets its events; one with another certificate nothing', async () => {
  const authority = certificate({ commonName: 'Trung tâm chứng thực nội bộ' });
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, authority.cert);
  const world = await openHookWorld({ WEBHOOK_CA: file, WEBHOOK_ALLOW_HTTP: 'false' });
  const open = async (tls: { key: string; cert: string }) => {
    let secret: string | undefined;
    const receiver = await openReceiver(() => secret, tls);
    onTestFinished(() => receiver.close());
    const created = await world.create(receiver.url, {
      types: ['lienthong.routing.v1.DeliveryStatusReported'],
    });
    secret = created.secret;
    return { receiver, id: created.id };
  };
  onTestFinished(() => world.stop());
  const trusted = await open(certificate({ by: authority }));
  const impostor = await open(certificate());
  await world.publishTo(subjects(2));
  await until(() => expect(trusted.receiver.taken).toHaveLength(2));
  await until(async () => {
    const { attempts } = await world.hooks.listAttempts({ webhookId: impostor.id, pageSize: 1 });
    expect(attempts[0]).toMatchObject({
      status: 0,
      delivered: false,
      answer: expect.stringMatching(/^DEPTH_ZERO_SELF_SIGNED_CERT: /),
    });
  });
  expect(impostor.receiver.all).toEqual([]);
});
