import type { IncomingHttpHeaders } from 'node:http';
import { MessageChannel } from '@lienthong/contracts/notification';
import {
  type Clock,
  type Database,
  isSameDigest,
  type ListenTls,
  type Logger,
  type Sealer,
  systemClock,
  toDigest,
  type Worker,
} from '@lienthong/kit';
import {
  type Callback,
  type CallbackReply,
  callbackReply,
  callbackServer,
  isWebhookSecret,
  verifyWebhook,
  type WebhookHeaders,
} from '@lienthong/outbound';
import type { ChannelSettings } from '../channels/config.ts';
import { senderOf } from '../channels/email.ts';
import { inParallel } from '../channels/in-parallel.ts';
import type { KnownChannel } from '../domain/topics.ts';
import type { Planner } from '../plan-messages.ts';
import { applyReceipt } from '../store/receipts.ts';
import { readBounce } from './bounce.ts';
import { type ReadReceipts, type ReceiptCall, readAppReceipt, readSmsReceipts } from './read.ts';

export interface ReceiptDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tls: ListenTls;
  sealer: Sealer;
  planner: Planner;
  settings: ChannelSettings;
}

interface Endpoint {
  channel: KnownChannel;
  secret: string;
  read(call: ReceiptCall): ReadReceipts | Promise<ReadReceipts>;
}

const MAX_BODY_BYTES = 256 * 1024;
const AT_ONCE = 4;

/** Receives receipts at `/receipts/sms`, `/receipts/mail` and `/receipts/webhook`, each with its own secret. */
export function receiptServer(deps: ReceiptDeps, listen: string): Worker {
  const { clock, log, tls, settings } = deps;

  async function receive(
    endpoint: Endpoint,
    { query: all, headers, body }: Callback,
  ): Promise<CallbackReply> {
    const { token = '', ...query } = all;
    if (!isFrom(endpoint.secret, headers, token, body))
      return callbackReply(401, 'the signature or the token is missing or wrong');
    const contentType = headers['content-type'] ?? '';
    const read = await endpoint.read({ query, contentType, body: body.toString('utf8') });
    if (!read.ok) return callbackReply(400, read.problem);
    const results = await inParallel(read.receipts, AT_ONCE, (one) =>
      applyReceipt(deps, endpoint.channel, one, clock.now()),
    );
    const count = (result: string) => results.filter((one) => one === result).length;
    const counts = {
      applied: count('applied'),
      ignored: count('ignored') + read.unusable,
      unknown: count('unknown'),
    };
    // The result of an attempt is recorded a moment after the provider's answer; the receipt may arrive before that.
    return counts.unknown > 0
      ? {
          status: 404,
          body: {
            ...counts,
            message: 'a message is unknown, or its sending is not recorded yet; send it again later',
          },
        }
      : { status: 200, body: counts };
  }

  return callbackServer({
    name: 'receipts',
    listen,
    tls,
    log,
    maxBodyBytes: MAX_BODY_BYTES,
    endpoints: new Map(
      [...endpointsOf(settings)].map(([path, endpoint]) => [
        path,
        { methods: ['POST', 'GET'], receive: (callback) => receive(endpoint, callback) },
      ]),
    ),
  });
}

function endpointsOf(settings: ChannelSettings): Map<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  const {
    SMS_RECEIPT_SECRET: sms,
    MAIL_RECEIPT_SECRET: mail,
    MAIL_FROM,
    PUSH_WEBHOOK_SECRET: app,
  } = settings;
  if (sms !== undefined)
    endpoints.set('/receipts/sms', {
      channel: MessageChannel.SMS,
      secret: sms,
      read: (call) => readSmsReceipts(settings, call),
    });
  if (mail !== undefined && MAIL_FROM !== undefined) {
    const sender = senderOf(MAIL_FROM).address;
    const read = ({ body }: ReceiptCall) => readBounce(body, sender);
    endpoints.set('/receipts/mail', { channel: MessageChannel.EMAIL, secret: mail, read });
  }
  if (app !== undefined)
    endpoints.set('/receipts/webhook', {
      channel: MessageChannel.WEBHOOK,
      secret: app,
      read: readAppReceipt,
    });
  if (endpoints.size === 0)
    throw new Error(
      'RECEIPT_LISTEN needs SMS_RECEIPT_SECRET, MAIL_RECEIPT_SECRET or PUSH_WEBHOOK_SECRET: the secret that receipts carry',
    );
  return endpoints;
}

function isFrom(secret: string, headers: IncomingHttpHeaders, token: string, body: Buffer): boolean {
  // By real time, as the sender signs (ADR 60).
  if (isWebhookSecret(secret))
    return verifyWebhook([secret], headers as Partial<WebhookHeaders>, body, systemClock.now());
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return isSame(bearer ?? token, secret);
}

const isSame = (given: string, secret: string): boolean => isSameDigest(toDigest(given), toDigest(secret));
