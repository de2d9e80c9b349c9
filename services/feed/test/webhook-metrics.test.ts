import { startTelemetry } from '@lienthong/kit';
import { manualClock, scrape } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openReceiver } from './support/receiver.ts';
import { openHookWorld, subjects, until } from './support/webhooks.ts';

const types = ['lienthong.routing.v1.DeliveryStatusReported'];

test('the metrics show attempts, waiting and due events, and webhooks that are down or suspended', async () => {
  const telemetry = await startTelemetry({ service: 'feed-test', metricsListen: '127.0.0.1:0' });
  onTestFinished(() => telemetry.stop());
  const clock = manualClock('2026-01-15T01:00:00Z');
  // One long wait: no second attempt is due during the test.
  const world = await openHookWorld({ WEBHOOK_RETRY_SECONDS: '3600' }, clock);
  onTestFinished(world.stop);
  const [failing, gone] = [await openReceiver(), await openReceiver()];
  onTestFinished(failing.close);
  onTestFinished(gone.close);
  failing.script = () => 503;
  gone.script = () => 410;
  const gauges = async () => {
    const now = await scrape(telemetry.metricsAddress ?? '');
    return ['waiting', 'due', 'oldest_due', 'down', 'suspended'].map((name) =>
      now.value(`lienthong_webhook_${name}`),
    );
  };
  expect(await gauges()).toEqual([0, 0, 0, 0, 0]);

  await world.create(failing.url, { types });
  await world.publishTo(subjects(8));
  await until(async () => expect(await gauges()).toEqual([8, 0, 0, 1, 0]));
  // The receiver rests for four minutes or more, so a new event is due and waits.
  await world.publishTo(subjects(1));
  await until(async () => expect(await gauges()).toEqual([9, 1, 0, 1, 0]));
  clock.advance(100_000);
  expect(await gauges()).toEqual([9, 1, 100, 1, 0]);

  await world.create(gone.url, { types });
  await world.publishTo(subjects(1));
  await until(async () => expect(await gauges()).toEqual([11, 2, 100, 1, 1]));

  const now = await scrape(telemetry.metricsAddress ?? '');
  const attempts = (cause: string) =>
    now.value('lienthong_webhook_attempts_total', { result: 'failed', cause });
  expect([attempts('HTTP_503'), attempts('HTTP_410')]).toEqual([8, 1]);
});
