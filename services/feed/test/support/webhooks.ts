import { randomUUID } from 'node:crypto';
import { type CreateWebhookRequest, WebhookServiceDefinition } from '@lienthong/contracts/feed';
import type { DeepPartial } from '@lienthong/contracts/routing';
import type { NewEvent } from '@lienthong/eventlog';
import { type Caller, type Clock, type Database, openDatabase, uuidv7 } from '@lienthong/kit';
import { createChannel, createClientFactory, Metadata } from 'nice-grpc';
import { expect, vi } from 'vitest';
import { commune, happened, issuer, openWorld, type World } from './world.ts';

/** Everything fast, and receivers on this machine. */
export const FAST = {
  WEBHOOK_ALLOW_PRIVATE: 'true',
  WEBHOOK_ALLOW_HTTP: 'true',
  WEBHOOK_POLL_MS: '20',
  WEBHOOK_TIMEOUT_MS: '500',
  WEBHOOK_LEASE_MS: '1500',
  WEBHOOK_RETRY_SECONDS: '0.02,0.05,0.1,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2',
};

export const leaderOf = (agencyId: string): Caller => ({
  agencyId,
  officerId: 'chủ tịch',
  roles: ['leader'],
});

export type WebhookClient = ReturnType<typeof webhookClient>;
export const webhookClient = (address: string, authorization: string, channel = createChannel(address)) =>
  Object.assign(
    createClientFactory().create(WebhookServiceDefinition, channel, {
      '*': { metadata: Metadata({ authorization }) },
    }),
    { close: () => channel.close() },
  );

export interface HookWorld extends World {
  db: Database;
  hooks: WebhookClient;
  as(caller: Caller): Promise<WebhookClient>;
  create(url: string, more?: DeepPartial<CreateWebhookRequest>): Promise<{ id: string; secret: string }>;
  /** Appends the next events of deliveries of the commune: `sequence` counts per subject. */
  publishTo(subjects: readonly string[]): Promise<void>;
  pending(id: string): Promise<number>;
}

export async function openHookWorld(env: Record<string, string> = {}, clock?: Clock): Promise<HookWorld> {
  const world = await openWorld({ env: { ...FAST, ...env }, clock });
  const clients: WebhookClient[] = [];
  const as = async (caller: Caller) => {
    const client = webhookClient(world.running.address, await world.running.bearer(caller));
    clients.push(client);
    return client;
  };
  const hooks = await as(leaderOf(commune));
  const db = openDatabase({
    url: world.stack.databaseUrl,
    schema: 'feed',
    connections: 2,
    onError: (error) => console.error(error),
  });
  const versions = new Map<string, number>();
  return Object.assign(world, {
    db,
    hooks,
    as,
    async create(url: string, more: DeepPartial<CreateWebhookRequest> = {}) {
      const reply = await hooks.createWebhook({ requestId: randomUUID(), url, ...more });
      return { id: reply.webhook?.id ?? '', secret: reply.secret };
    },
    publishTo: (subjects: readonly string[]) => world.publish(subjects.map((id) => next(versions, id))),
    async pending(id: string) {
      const { webhook } = await hooks.getWebhook({ webhookId: id });
      return Number(webhook?.pending);
    },
    close: after(world.close, async () => {
      for (const client of clients) client.close();
      await db.close();
    }),
  });
}

const after = (close: () => Promise<void>, first: () => Promise<void>) => async () => {
  await first();
  await close();
};

function next(versions: Map<string, number>, deliveryId: string): NewEvent {
  const version = (versions.get(deliveryId) ?? 0) + 1;
  versions.set(deliveryId, version);
  return happened(
    'lienthong.routing.v1.DeliveryStatusReported',
    { deliveryId, documentId: uuidv7(), senderId: issuer, holderId: commune, status: 1, reason: 'Đã đến' },
    { aggregateId: deliveryId, version },
  );
}

export const subjects = (count: number): string[] => Array.from({ length: count }, () => uuidv7());
export const rounds = (ids: readonly string[], count: number): string[] =>
  Array.from({ length: count }, () => ids).flat();

export const until = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 8_000, interval: 30 });

export const sequence = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => expect.fail('the call was not refused'),
    (e: Error) => e,
  );
  return error.message;
}
