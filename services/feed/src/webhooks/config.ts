import { readSettings, sealingKeys } from '@lienthong/kit';
import { addressSettings } from '@lienthong/outbound';
import { z } from 'zod';
import { DEFAULT_SCHEDULE } from './domain/retry.ts';

const whole = z.coerce.number().int();
const numbers = (fallback: readonly number[]) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?)*$/, 'must be numbers with commas between')
    .default(fallback.join(','))
    .transform((text) => text.split(',').map(Number));

const settings = addressSettings
  .extend({
    LIENTHONG_SEALING_KEYS: sealingKeys,
    WEBHOOK_RETRY_SECONDS: numbers(DEFAULT_SCHEDULE).describe('seconds between the attempts of one event'),
    WEBHOOK_TIMEOUT_MS: whole.min(50).max(60_000).default(10_000).describe('how long a receiver may take'),
    WEBHOOK_LEASE_MS: whole
      .min(100)
      .default(60_000)
      .describe('after how long an event whose sender died is sent again; more than twice the timeout'),
    WEBHOOK_SUSPEND_AFTER_S: whole
      .min(1)
      .default(86_400)
      .describe('a webhook that has failed for so long without a success is suspended, in seconds'),
    WEBHOOK_SUBJECTS: whole.min(1).max(64).default(8).describe('subjects sent to one webhook at once'),
    WEBHOOK_MAX_SENDING: whole.min(1).default(256).describe('requests at once per process'),
    WEBHOOK_PER_AGENCY: whole.min(1).default(20).describe('webhooks one agency may have'),
    WEBHOOK_POLL_MS: whole.min(10).default(250).describe('how often it looks for what is due, in ms'),
    WEBHOOK_KEEP_ATTEMPTS_DAYS: whole.min(1).default(30).describe('how long attempts can be read, in days'),
  })
  .refine((s) => s.WEBHOOK_LEASE_MS > 2 * s.WEBHOOK_TIMEOUT_MS, {
    path: ['WEBHOOK_LEASE_MS'],
    message: 'must be more than twice WEBHOOK_TIMEOUT_MS',
  });

export type WebhookSettings = z.output<typeof settings>;

export const readWebhookConfig = (env: Readonly<Record<string, string | undefined>>): WebhookSettings =>
  readSettings(settings, env);
