import { type ListenTls, systemClock, type Worker } from '@lienthong/kit';
import {
  type Callback,
  type CallbackReply,
  callbackReply,
  callbackServer,
  verifyWebhook,
  type WebhookHeaders,
} from '@lienthong/outbound';
import { applyReport, type PaymentDeps } from './receive.ts';
import { readReport } from './report.ts';

const MAX_BODY_BYTES = 16 * 1024;

/** Receives the provider's reports by POST at `/payments`, signed by one of the secrets. */
export function paymentCallbacks(
  deps: PaymentDeps,
  listen: string,
  tls: ListenTls,
  secrets: readonly string[],
): Worker {
  async function receiveCallback({ headers, body }: Callback): Promise<CallbackReply> {
    // By real time, as the provider signs (ADR 60).
    if (!verifyWebhook(secrets, headers as Partial<WebhookHeaders>, body, systemClock.now()))
      return callbackReply(401, 'the signature is missing, wrong or too old');
    const report = readReport(body.toString('utf8'));
    if (report === undefined)
      return callbackReply(
        400,
        'the body must be JSON with id and status: pending, ended, or paid with amount, currency and reference',
      );
    const result = await applyReport(deps, report);
    return result === 'unknown'
      ? callbackReply(404, 'this payment is unknown; check its id')
      : { status: 200, body: { result } };
  }

  return callbackServer({
    name: 'payment callbacks',
    listen,
    tls,
    log: deps.log,
    maxBodyBytes: MAX_BODY_BYTES,
    endpoints: new Map([['/payments', { methods: ['POST'], receive: receiveCallback }]]),
  });
}
