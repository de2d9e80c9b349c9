import { startTelemetry, success, type Telemetry } from '@lienthong/kit';
import {
  type CollectedSpan,
  type Collector,
  startCollector,
  type TestStack,
  testStack,
} from '@lienthong/testkit';
import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { alice, growEvent, type TallyModel, tallyModel, template } from './tally.ts';

/** A tally whose dossier has its id as its code. */
const model: TallyModel = {
  ...tallyModel,
  decide(command, state) {
    const decision = tallyModel.decide(command, state);
    if (!decision.ok) return decision;
    const events = decision.value.events.map((event) => ({ ...event, dossierCode: command.tally }));
    return success({ ...decision.value, events });
  },
  story: ({ tally }) => ({ dossier: tally }),
};

let stack: TestStack;
let collector: Collector;
let telemetry: Telemetry;
let one: Fixture;

/** Everything happens here; the tests look at the spans. */
const single = crypto.randomUUID();
const together = Array.from({ length: 4 }, () => crypto.randomUUID());
const refused = crypto.randomUUID();
const platforms = Array.from({ length: 2 }, () => crypto.randomUUID());

beforeAll(async () => {
  [stack, collector] = await Promise.all([testStack({ template }), startCollector()]);
  telemetry = await startTelemetry({ service: 'tally', otlpEndpoint: collector.endpoint });
  one = await tallyProcess(stack, model);
  one.consume('seen');
  await one.start();
  await call(() => one.grow({ tally: single, events: 3 }));
  await Promise.all(together.map((tally) => call(() => one.grow({ tally }))));
  await call(() => one.grow({ tally: refused, limit: 0 }).catch(() => {}));
  await one.db.transaction(async (tx) => {
    const events = platforms.map((tally) => ({ ...growEvent(tally, 1), dossierCode: tally }));
    one.log.append(tx, events, { agencyId: '', officerId: '' });
  });
  await waitUntilCaughtUp(one, ['seen']);
  await one.stop();
  await telemetry.stop();
});
afterAll(async () => {
  await collector.close();
  await stack.close();
});

/** As the server runs a handler. */
const call = <T>(run: () => Promise<T>): Promise<T> =>
  trace.getTracer('test').startActiveSpan('call', (span) => run().finally(() => span.end()));

const about = (dossier: string) =>
  collector.spans.filter(({ attributes }) => attributes['lienthong.dossier'] === dossier);
const names = (spans: readonly CollectedSpan[]) => spans.map(({ name }) => name).sort();
const STORY = ['call', 'commands', 'consume seen', 'publish'];

test('a dossier’s call, transaction, publishing and consuming are one trace and carry its code', () => {
  const spans = about(single);
  expect(names(spans)).toEqual(STORY);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const concerned = spans.filter(({ name }) => name === 'publish' || name.startsWith('consume'));
  for (const { attributes } of concerned) expect(attributes['lienthong.agency']).toBe(alice.agencyId);
});

test('dossiers that share a transaction each have a span for their share, in their own trace', () => {
  const traces = together.map((tally) => {
    const spans = about(tally);
    expect(names(spans)).toEqual(STORY);
    const [{ traceId } = { traceId: '' }] = spans;
    expect(spans.map((span) => span.traceId)).toEqual(STORY.map(() => traceId));
    return traceId;
  });
  expect(new Set(traces).size).toBe(together.length);
  const batches = collector.spans.filter(({ name, links }) => name === 'commands' && links.length > 1);
  expect(batches.map(({ links }) => links.sort())).toEqual([traces.sort()]);
});

test('a refused command’s call carries the dossier too', () => {
  expect(names(about(refused))).toEqual(['call', 'commands']);
});

test('events of the platform itself have a trace for each dossier', () => {
  const traces = platforms.map((tally) => {
    const spans = about(tally);
    expect(names(spans)).toEqual(['consume seen', 'lienthong.directory.v1.OfficerRelieved', 'publish']);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    return spans[0]?.traceId;
  });
  expect(new Set(traces).size).toBe(platforms.length);
});
