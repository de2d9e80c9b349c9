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
    WEBHOOK_RETRY_SECONDS: numbers(DEFAULT_SCHEDULE).describe(
      'seconds between the attempts of one event; after the last one the event is given up',
    ),
    WEBHOOK_TIMEOUT_MS: whole
      .min(50)
      .max(60_000)
      .default(10_000)
      .describe('how long a receiver may take to answer, in milliseconds'),
    WEBHOOK_LEASE_MS: whole
      .min(100)
      .default(60_000)
      .describe(
        'after how many milliseconds another process sends what a dead one was sending; more than twice the timeout',
      ),
    WEBHOOK_SUSPEND_AFTER_S: whole
      .min(1)
      .default(86_400)
      .describe('a webhook without a success for so long after its first failure is suspended, in seconds'),
    WEBHOOK_SUBJECTS: whole.min(1).max(64).default(8).describe('subjects sent to one webhook at once'),
    WEBHOOK_MAX_SENDING: whole.min(1).default(256).describe('requests that one process sends at once'),
    WEBHOOK_PER_AGENCY: whole.min(1).default(20).describe('webhooks one agency may have'),
    WEBHOOK_POLL_MS: whole
      .min(10)
      .default(250)
      .describe('how often a process looks for due deliveries, in milliseconds'),
    WEBHOOK_KEEP_ATTEMPTS_DAYS: whole.min(1).default(30).describe('how long attempts can be read, in days'),
  })
  .refine((s) => s.WEBHOOK_LEASE_MS > 2 * s.WEBHOOK_TIMEOUT_MS, {
    path: ['WEBHOOK_LEASE_MS'],
    message: 'must be more than twice WEBHOOK_TIMEOUT_MS',
  });

export type WebhookSettings = z.output<typeof settings>;

export const readWebhookConfig = (env: Readonly<Record<string, string | undefined>>): WebhookSettings =>
  readSettings(settings, env);
