import { addressRules, type Clock, createPoster, systemClock } from '@lienthong/kit';
import type { Channel, Endpoint } from '../domain/channel.ts';
import type { ChannelSettings } from './config.ts';
import { emailChannel } from './email.ts';
import { pushWebhookChannel } from './push-webhook.ts';
import { smsChannel } from './sms.ts';

/**
 * The channels there are; the webhook is always one, for agencies may have receivers of their own.
 * @throws Error when a setting is given without the one it goes with.
 */
export function createChannels(settings: ChannelSettings, clock: Clock = systemClock): Channel[] {
  const channels: Channel[] = [];
  const { SMTP_URL, MAIL_FROM, SMS_URL, PUSH_WEBHOOK_URL, PUSH_WEBHOOK_SECRET } = settings;
  if (SMTP_URL !== undefined) {
    if (MAIL_FROM === undefined) throw new Error('SMTP_URL needs MAIL_FROM: the sender of the mails');
    channels.push(emailChannel({ ...settings, SMTP_URL, MAIL_FROM }));
  }
  if (SMS_URL !== undefined) {
    if ((settings.SMS_RESULT_PATH === undefined) !== (settings.SMS_RESULT_OK === undefined))
      throw new Error(
        'SMS_RESULT_PATH and SMS_RESULT_OK go together: where the answer says it, and what means taken',
      );
    channels.push(smsChannel({ ...settings, SMS_URL }));
  }
  let province: Endpoint | undefined;
  if (PUSH_WEBHOOK_URL !== undefined) {
    if (PUSH_WEBHOOK_SECRET === undefined)
      throw new Error('PUSH_WEBHOOK_URL needs PUSH_WEBHOOK_SECRET: what the messages are signed with');
    province = { url: PUSH_WEBHOOK_URL, secret: PUSH_WEBHOOK_SECRET };
  }
  const agencies = createPoster({
    rules: addressRules(settings),
    timeoutMs: settings.PUSH_WEBHOOK_TIMEOUT_MS,
  });
  channels.push(pushWebhookChannel(settings, province, agencies, clock));
  return channels;
}
