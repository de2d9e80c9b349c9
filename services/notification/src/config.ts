import { readSettings, sealingKeys } from '@lienthong/kit';
import { z } from 'zod';
import { channelSettings } from './channels/config.ts';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const settings = channelSettings.extend({
  LIENTHONG_SEALING_KEYS: sealingKeys,
  NOTIFICATION_SEND_CHECK_MS: whole(10, 60_000)
    .default(500)
    .describe('how often a sender looks for due messages, in milliseconds'),
  NOTIFICATION_BATCH: whole(1, 1000).default(100).describe('messages that a sender claims at once'),
  NOTIFICATION_SENDERS: whole(1, 16).default(2).describe('senders per channel and process'),
  NOTIFICATION_LEASE_S: whole(1, 3600)
    .default(60)
    .describe(
      'after so many seconds another sender claims the messages of a dead one; a batch must be sent in less',
    ),
  NOTIFICATION_REMINDER_CHECK_MS: whole(50, 3_600_000)
    .default(60_000)
    .describe('how often the service looks for dates of directives that come near, in milliseconds'),
  NOTIFICATION_MAX_EVENT_AGE_DAYS: whole(1, 365)
    .default(7)
    .describe('an event that is older when it is read causes no message, in days'),
  NOTIFICATION_DOSSIER_URL: z
    .string()
    .refine((text) => /^https?:/.test(text) && URL.canParse(text) && text.includes('{code}'), {
      message: "must be an URL with {code} where the dossier's code goes",
    })
    .optional()
    .describe('where citizens see their dossier, for example https://dvc.example.vn/tra-cuu?ma={code}'),
  NOTIFICATION_KEEP_DAYS: whole(30, 3650)
    .default(400)
    .describe('how long messages and their attempts are kept once they are sent, read or failed, in days'),
  NOTIFICATION_CLEANUP_MS: whole(50, 86_400_000)
    .default(600_000)
    .describe('how often old messages are deleted and contacts resealed, in milliseconds'),
});

export type NotificationSettings = z.output<typeof settings>;

export const readConfig = (env: Readonly<Record<string, string | undefined>>): NotificationSettings =>
  readSettings(settings, env);
