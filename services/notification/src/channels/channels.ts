import { type Clock, systemClock } from '@lienthong/kit';
import { addressRules, createHttpClient } from '@lienthong/outbound';
import type { Channel, Endpoint } from '../domain/channel.ts';
import type { ChannelSettings } from './config.ts';
import { emailChannel } from './email.ts';
import { pushWebhookChannel } from './push-webhook.ts';
import { smsChannel } from './sms.ts';

/** Bytes of a provider's response that are read: it may be a long JSON document. */
const READ_BYTES = 65_536;

/**
 * The configured channels. The webhook channel is always one of them: agencies may have their own receivers.
 * Throws when a setting lacks the setting it needs.
 */
export function createChannels(settings: ChannelSettings, clock: Clock = systemClock): Channel[] {
  const channels: Channel[] = [];
  const { SMTP_URL, MAIL_FROM, SMS_URL, PUSH_WEBHOOK_URL, PUSH_WEBHOOK_SECRET } = settings;
  if (SMTP_URL !== undefined) {
    if (MAIL_FROM === undefined) throw new Error('SMTP_URL needs MAIL_FROM: the sender of the mails');
    channels.push(emailChannel({ ...settings, SMTP_URL, MAIL_FROM }, clock));
  }
  if (SMS_URL !== undefined) {
    if ((settings.SMS_RESULT_PATH === undefined) !== (settings.SMS_RESULT_OK === undefined))
      throw new Error(
        'set SMS_RESULT_PATH and SMS_RESULT_OK together: where the result is, and what means taken',
      );
    const http = createHttpClient({ clock, timeoutMs: settings.SMS_TIMEOUT_MS, readBytes: READ_BYTES });
    channels.push(smsChannel({ ...settings, SMS_URL }, http));
  }
  let province: Endpoint | undefined;
  if (PUSH_WEBHOOK_URL !== undefined) {
    if (PUSH_WEBHOOK_SECRET === undefined)
      throw new Error('PUSH_WEBHOOK_URL needs PUSH_WEBHOOK_SECRET: the key that signs the messages');
    province = { url: PUSH_WEBHOOK_URL, secret: PUSH_WEBHOOK_SECRET };
  }
  const timeoutMs = settings.PUSH_WEBHOOK_TIMEOUT_MS;
  const http = {
    province: createHttpClient({ clock, timeoutMs }),
    agencies: createHttpClient({ clock, timeoutMs, rules: addressRules(settings) }),
  };
  channels.push(pushWebhookChannel(settings, province, http, clock));
  return channels;
}
