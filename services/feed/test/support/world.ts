import { eventContracts } from '@lienthong/contracts/events';
import {
  type FeedEvent,
  FeedServiceDefinition,
  type FollowRequest,
  type FollowResponse,
} from '@lienthong/contracts/feed';
import type { DeepPartial } from '@lienthong/contracts/routing';
import type { EventPayload, EventType, NewEvent } from '@lienthong/eventlog';
import { type Caller, systemClock, uuidv7 } from '@lienthong/kit';
import { type RpcClient, type TestWorld, type TestWorldOptions, testWorld } from '@lienthong/testkit';
import { expect, vi } from 'vitest';
import { feed } from '../../src/service.ts';

export const [issuer, commune, neighbour, department, outsider] = Array.from({ length: 5 }, () =>
  uuidv7(),
) as [string, string, string, string, string];

export const clerkOf = (agencyId: string): Caller => ({
  agencyId,
  officerId: 'văn thư',
  roles: ['clerk'],
});
/** Seals the secrets of webhooks. */
export const SEALING = { LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` };

/** An event as its service would append it. */
export function happened<T extends EventType>(
  type: T,
  payload: object,
  more: Partial<NewEvent> = {},
): NewEvent {
  return {
    type,
    payload: eventContracts[type].codec.fromPartial(payload) as EventPayload<T>,
    aggregateId: uuidv7(),
    version: 1,
    agencyCode: 'H61',
    agencyId: '',
    ...more,
  } as NewEvent;
}

export const status = (senderId: string, holderId: string, more: object = {}): NewEvent =>
  happened('lienthong.routing.v1.DeliveryStatusReported', {
    deliveryId: uuidv7(),
    documentId: uuidv7(),
    senderId,
    holderId,
    status: 1,
    ...more,
  });

export type Client = RpcClient<FeedServiceDefinition>;

export interface World extends TestWorld {
  client(caller: Caller): Promise<Client>;
}

/** The feed on the system's clock, and the logs of the services that it hears. */
export async function openWorld({
  clock = systemClock,
  env,
  ...options
}: TestWorldOptions = {}): Promise<World> {
  const world = await testWorld(feed, {
    ...options,
    clock,
    sources: ['directory', 'registry', 'routing', 'casework'],
    env: { ...SEALING, ...env },
  });
  return Object.assign(world, { client: (caller: Caller) => world.rpc(FeedServiceDefinition, caller) });
}

/** Every event from a cursor (default: the oldest) to the end, page by page. */
export async function everything(client: Client, request: { cursor?: string; types?: string[] } = {}) {
  const events: FeedEvent[] = [];
  let { cursor = '' } = request;
  for (;;) {
    const page = await client.listEvents({ start: 2, ...request, cursor, pageSize: 7 });
    events.push(...page.events);
    cursor = page.cursor;
    if (!page.more) return { events, cursor };
  }
}

/** Waits until a client has this many events, and looks whether it gets more. */
export const hasAll = (client: Client, count: number) =>
  vi.waitFor(async () => {
    const { events } = await everything(client);
    expect(events).toHaveLength(count);
    return events;
  }, 20_000);

export interface Following {
  events: FeedEvent[];
  heartbeats: string[];
  /** Resolves with the error the stream ended with, or undefined. */
  ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Follows and keeps what comes. */
export function following(client: Client, request: DeepPartial<FollowRequest> = {}): Following {
  const stopping = new AbortController();
  const events: FeedEvent[] = [];
  const heartbeats: string[] = [];
  const read = async () => {
    for await (const { message } of client.follow(request, {
      signal: stopping.signal,
    }) as AsyncIterable<FollowResponse>) {
      if (message?.$case === 'event') events.push(message.value);
      if (message?.$case === 'heartbeat') heartbeats.push(message.value.cursor);
    }
  };
  const ended = read().then(
    () => undefined,
    (error: unknown) => error,
  );
  return {
    events,
    heartbeats,
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

export const seconds = (n: number) => ({ seconds: BigInt(n), nanos: 0 });
