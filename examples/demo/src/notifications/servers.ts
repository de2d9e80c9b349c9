import { type MailServer, openMailServer } from '@lienthong/test-mail-server';
import { openPaymentProvider, type PaymentProvider } from '../dossiers/payments.ts';
import { openReceiver, type Receiver } from './webhook-receiver.ts';

/** The servers outside the platform, and the platform's settings for them. */
export interface Servers {
  mail: MailServer;
  receiver: Receiver;
  payments: PaymentProvider;
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const DECADE_DAYS = 3650;
const DECADE_S = DECADE_DAYS * 24 * 3600;

/** Started before the platform, as a mail server, a department's own web server and a payment provider would be. */
export async function openServers(): Promise<Servers> {
  const [mail, receiver, payments] = await Promise.all([
    openMailServer(),
    openReceiver(),
    openPaymentProvider(),
  ]);
  return {
    mail,
    receiver,
    payments,
    env: {
      ...payments.env,
      SMTP_URL: mail.url,
      SMTP_STARTTLS: 'never',
      MAIL_FROM: 'Liên Thông <thongbao@vinhlong.example>',
      NOTIFICATION_SEND_CHECK_MS: '250',
      // The receiver is on this machine. A real platform must not allow private addresses.
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_ALLOW_HTTP: 'true',
      // The story's years pass in milliseconds, so these limits must be longer than the story.
      FEED_KEEP_DAYS: `${DECADE_DAYS}`,
      NOTIFICATION_MAX_EVENT_AGE_DAYS: '365',
      WEBHOOK_LEASE_MS: `${DECADE_S * 1000}`,
      WEBHOOK_SUSPEND_AFTER_S: `${DECADE_S}`,
    },
    async close() {
      await Promise.all([mail.close(), receiver.close(), payments.close()]);
    },
  };
}
