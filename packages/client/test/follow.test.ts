import { encodeEvent } from '@lienthong/contracts/events';
import { type FollowRequest, type FollowResponse, Start } from '@lienthong/contracts/feed';
import { DeliveryStatus, DeliveryStatusReported } from '@lienthong/contracts/routing';
import { type Context, refuse } from '@lienthong/kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type FollowOptions, LienThongError, Status } from '../src/index.ts';
import { cuttableLine } from './line.ts';
import { connect, platform, startPlatform } from './platform.ts';

const STATUS = 'lienthong.routing.v1.DeliveryStatusReported';

const event = (n: number, type: string = STATUS): FollowResponse => ({
  message: {
    $case: 'event',
    value: {
      cursor: String(n),
      id: `event-${n}`,
      source: '/lienthong/routing',
      type,
      subject: 'delivery/1',
      time: new Date(0),
      traceparent: '',
      sequence: BigInt(n),
      actor: undefined,
      dossierCode: '',
      documentId: '',
      data: {
        typeUrl: `type.googleapis.com/${type}`,
        value: encodeEvent(
          STATUS,
          DeliveryStatusReported.fromPartial({ reason: `lần ${n}`, status: DeliveryStatus.ARRIVED }),
        ),
      },
    },
  },
});
const heartbeat = (n: number): FollowResponse => ({
  message: { $case: 'heartbeat', value: { cursor: String(n), time: undefined } },
});
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** A feed of endless events: `perStream` after the cursor, then nothing until the line is gone. */
function endless(requests: FollowRequest[], perStream = Number.POSITIVE_INFINITY, pauseMs = 5) {
  return async function* (request: FollowRequest, { signal }: Pick<Context, 'signal'>) {
    requests.push(request);
    const from = Number(request.cursor || 0);
    yield heartbeat(from);
    for (let n = from + 1; n <= from + perStream && !signal.aborted; n += 1) {
      yield event(n);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    await aborted(signal);
  };
}

test('events come typed, in order and once, however often the connection is cut', async () => {
  const requests: FollowRequest[] = [];
  const server = await startPlatform({ feed: { follow: endless(requests) } });
  const line = await cuttableLine(server.address);
  const client = connect(line.address);
  const reasons: string[] = [];
  for await (const one of client.follow({ types: [STATUS] })) {
    // Typed by the requested types: no check of `type` is needed.
    reasons.push(one.payload.reason);
    expect(one.cursor).toBe(String(reasons.length));
    if (reasons.length % 20 === 0) line.cut();
    if (reasons.length === 70) break;
  }
  expect(reasons).toEqual(Array.from({ length: 70 }, (_, i) => `lần ${i + 1}`));
  expect(requests.length).toBeGreaterThan(3);
  expect(requests[0]).toMatchObject({ cursor: '', start: Start.NOW, types: [STATUS] });
});

test('a stream without messages counts as lost', async () => {
  const requests: FollowRequest[] = [];
  const client = await platform({ feed: { follow: endless(requests, 2) } });
  const seen: string[] = [];
  for await (const one of client.follow({ heartbeatMs: 1000 })) {
    seen.push(one.id);
    if (seen.length === 5) break;
  }
  expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => `event-${n}`));
  expect(requests.map((request) => request.cursor)).toEqual(['', '2', '4']);
});

test('a slow reader does not count as a lost stream', async () => {
  const requests: FollowRequest[] = [];
  const client = await platform({ feed: { follow: endless(requests, 3, 0) } });
  let seen = 0;
  for await (const _ of client.follow({ heartbeatMs: 1000 })) {
    seen += 1;
    if (seen === 1) await new Promise((resolve) => setTimeout(resolve, 3500));
    if (seen === 3) break;
  }
  expect(requests).toHaveLength(1);
});

test('a refusal that is not transient ends it; a process that stops does not', async () => {
  let calls = 0;
  const follow = async function* (): AsyncGenerator<FollowResponse> {
    calls += 1;
    if (calls === 1) yield event(1);
    if (calls < 3)
      refuse({
        kind: 'unavailable',
        reason: 'FEED_STOPPING',
        message: 'this process stops',
        retryAfterMs: 1,
      });
    refuse({ kind: 'out-of-range', reason: 'CURSOR_TOO_OLD', message: 'not kept any more' });
  };
  const client = await platform({ feed: { follow } });
  const seen: string[] = [];
  const failed = (async () => {
    for await (const one of client.follow()) seen.push(one.id);
  })();
  await expect(failed).rejects.toMatchObject({ code: Status.OUT_OF_RANGE, reason: 'CURSOR_TOO_OLD' });
  await expect(failed).rejects.toBeInstanceOf(LienThongError);
  expect(seen).toEqual(['event-1']);
  expect(calls).toBe(3);
});

test('callbacks get the cursors of heartbeats and the events of unknown types; leaving the loop ends the call', async () => {
  let gone = false;
  const follow = async function* (_: FollowRequest, { signal }: Pick<Context, 'signal'>) {
    yield heartbeat(7);
    yield event(8, 'lienthong.later.v1.Unheard');
    yield event(9);
    await aborted(signal);
    gone = true;
  };
  const client = await platform({ feed: { follow } });
  const beats: string[] = [];
  const unknown: string[] = [];
  const options: FollowOptions = {
    onHeartbeat: (cursor) => beats.push(cursor),
    onUnknown: ({ type }) => unknown.push(type),
  };
  for await (const one of client.follow(options)) {
    expect(one.id).toBe('event-9');
    break;
  }
  expect(beats).toEqual(['7']);
  expect(unknown).toEqual(['lienthong.later.v1.Unheard']);
  await vi.waitFor(() => expect(gone).toBe(true), 20_000);
});

test('cancelling ends it with an AbortError', async () => {
  const client = await platform({ feed: { follow: endless([], 1) } });
  const cancel = new AbortController();
  onTestFinished(() => cancel.abort());
  const failed = (async () => {
    for await (const _ of client.follow({ signal: cancel.signal })) cancel.abort();
  })();
  await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
});
