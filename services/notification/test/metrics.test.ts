import { startTelemetry } from '@lienthong/kit';
import { officer } from '@lienthong/reference-data/testing';
import { scrape } from '@lienthong/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { dossierEvents } from './support/events.ts';
import { province } from './support/province.ts';
import { openWorld } from './support/world.ts';

const CODE = 'H61.29542-260115-0001';
const email = { channel: 'email' };

test('the metrics show attempts, pending, due and failed messages, and an open circuit of each channel', async () => {
  const telemetry = await startTelemetry({ service: 'notification-test', metricsListen: '127.0.0.1:0' });
  onTestFinished(() => telemetry.stop());
  const world = await openWorld();
  onTestFinished(() => world.stop());
  const people = await province(world);
  const withMail = async (address: string) => {
    const one = officer({ agencyId: people.commune.id, fullName: 'Người Nhận' });
    await world.appoint(one);
    await world.as(one).notifications.setContact({ contact: { email: address, phone: '' } });
    return one;
  };
  const [refused, waiting] = [await withMail('refused@xa.example'), await withMail('waiting@xa.example')];
  const gauges = async (labels: { channel: string }) => {
    const now = await scrape(telemetry.metricsAddress ?? '');
    return ['waiting', 'due', 'oldest_due', 'failed', 'circuit_open'].map((name) =>
      now.value(`lienthong_notification_${name}`, labels),
    );
  };
  const attempts = async (labels: { result: string; cause: string }) =>
    (await scrape(telemetry.metricsAddress ?? '')).value('lienthong_notification_attempts_total', {
      ...email,
      ...labels,
    });
  const waitFor = (check: () => Promise<void>) => vi.waitFor(check, 20_000);
  expect(await gauges(email)).toEqual([0, 0, 0, 0, 0]);

  world.post.answer('refused@xa.example', '550 no such user');
  await world.publishAndWait(dossierEvents(people.commune, CODE).assigned(refused));
  await waitFor(async () => expect(await gauges(email)).toEqual([0, 0, 0, 1, 0]));
  expect(await attempts({ result: 'refused', cause: 'SMTP_550' })).toBe(1);

  await world.post.close();
  await world.publishAndWait(dossierEvents(people.commune, CODE).near(waiting));
  await waitFor(async () => expect(await gauges(email)).toEqual([1, 1, 0, 1, 1]));
  // Less than the first pause of the circuit, so no message probes the provider.
  world.clock.advance(3_000);
  expect(await gauges(email)).toEqual([1, 1, 3, 1, 1]);
  expect(await gauges({ channel: 'sms' })).toEqual([0, 0, 0, 0, 0]);

  await world.post.open();
  world.clock.advance(10_000);
  await waitFor(async () => expect(await gauges(email)).toEqual([0, 0, 0, 1, 0]));
});
