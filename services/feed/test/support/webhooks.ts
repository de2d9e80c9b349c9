import { randomUUID } from 'node:crypto';
import { type CreateWebhookRequest, WebhookServiceDefinition } from '@lienthong/contracts/feed';
import type { DeepPartial } from '@lienthong/contracts/routing';
import type { NewEvent } from '@lienthong/eventlog';
import { type Caller, type Clock, type Database, uuidv7 } from '@lienthong/kit';
import type { RpcClient } from '@lienthong/testkit';
import { expect, vi } from 'vitest';
import { commune, happened, issuer, openWorld, type World } from './world.ts';

/** Failures are retried soon, and receivers are on this machine. A busy machine is not taken for a failed receiver. */
export const FAST = {
  WEBHOOK_ALLOW_PRIVATE: 'true',
  WEBHOOK_ALLOW_HTTP: 'true',
  WEBHOOK_POLL_MS: '20',
  WEBHOOK_RETRY_SECONDS: '0.02,0.05,0.1,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2',
};

export const leaderOf = (agencyId: string): Caller => ({
  agencyId,
  officerId: 'chủ tịch',
  roles: ['leader'],
});

export type WebhookClient = RpcClient<WebhookServiceDefinition>;

export interface HookWorld extends World {
  hooks: WebhookClient;
  hooksOf(caller: Caller): Promise<WebhookClient>;
  create(url: string, more?: DeepPartial<CreateWebhookRequest>): Promise<{ id: string; secret: string }>;
  /** Appends the next events of deliveries of the commune: `sequence` counts per subject. */
  publishTo(subjects: readonly string[]): Promise<void>;
  pending(id: string): Promise<number>;
}

export async function openHookWorld(env: Record<string, string> = {}, clock?: Clock): Promise<HookWorld> {
  const world = await openWorld({ env: { ...FAST, ...env }, clock });
  const hooksOf = (caller: Caller) => world.rpc(WebhookServiceDefinition, caller);
  const hooks = await hooksOf(leaderOf(commune));
  const versions = new Map<string, number>();
  return Object.assign(world, {
    hooks,
    hooksOf,
    async create(url: string, more: DeepPartial<CreateWebhookRequest> = {}) {
      const reply = await hooks.createWebhook({ requestId: randomUUID(), url, ...more });
      return { id: reply.webhook?.id ?? '', secret: reply.secret };
    },
    publishTo: (subjects: readonly string[]) => world.publish(...subjects.map((id) => next(versions, id))),
    async pending(id: string) {
      const { webhook } = await hooks.getWebhook({ webhookId: id });
      return Number(webhook?.pending);
    },
  });
}

function next(versions: Map<string, number>, deliveryId: string): NewEvent {
  const version = (versions.get(deliveryId) ?? 0) + 1;
  versions.set(deliveryId, version);
  return happened(
    'lienthong.routing.v1.DeliveryStatusReported',
    { deliveryId, documentId: uuidv7(), senderId: issuer, holderId: commune, status: 1, reason: 'Đã đến' },
    { aggregateId: deliveryId, version },
  );
}

/**
 * For tests that kill processes: they call `endLeases` and do not wait. A transaction that was under way may still commit
 * a lease afterwards; that one ends by itself.
 */
export const SHORT_LEASE = { WEBHOOK_TIMEOUT_MS: '5000', WEBHOOK_LEASE_MS: '11000' };

/** Lets the leases of a dead process end now. */
export const endLeases = (db: Database) =>
  db.query({ text: 'update webhook_delivery set next_at = now() where leased' });

export const subjects = (count: number): string[] => Array.from({ length: count }, () => uuidv7());
export const rounds = (ids: readonly string[], count: number): string[] =>
  Array.from({ length: count }, () => ids).flat();

export const until = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 50_000, interval: 30 });

export const sequence = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => expect.fail('the call was not refused'),
    (e: Error) => e,
  );
  return error.message;
}
