import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { MessageChannel } from '@lienthong/contracts/notification';
import {
  type Clock,
  type Database,
  isSameDigest,
  type Logger,
  type Sealer,
  toDigest,
  type Worker,
} from '@lienthong/kit';
import { isWebhookSecret, verifyWebhook, type WebhookHeaders } from '@lienthong/outbound';
import type { ChannelSettings } from '../channels/config.ts';
import { senderOf } from '../channels/email.ts';
import { inParallel } from '../channels/in-parallel.ts';
import type { KnownChannel } from '../domain/topics.ts';
import { applyReceipt } from '../store/receipts.ts';
import { readBounce } from './bounce.ts';
import { type ReadReceipts, type ReceiptCall, readAppReceipt, readSmsReceipts } from './read.ts';

export interface ReceiptDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  sealer: Sealer;
  settings: ChannelSettings;
}

interface Endpoint {
  channel: KnownChannel;
  secret: string;
  read(call: ReceiptCall): ReadReceipts | Promise<ReadReceipts>;
}

interface Reply {
  status: number;
  body: object;
}

const MAX_BODY_BYTES = 256 * 1024;
const AT_ONCE = 4;

/**
 * Receives receipts over HTTP at `/receipts/sms`, `/receipts/mail` and `/receipts/webhook`, each with its own secret. It is
 * HTTP because providers have fixed callbacks. TLS ends at the proxy in front.
 */
export function receiptServer(deps: ReceiptDeps, listen: string): Worker {
  const { clock, log, settings } = deps;
  const endpoints = endpointsOf(settings);
  const running = new Set<Promise<void>>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000 }, (request, response) => {
    const work: Promise<void> = serve(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  server.maxConnections = 256;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let given: Reply;
    try {
      given = await handle(request);
    } catch (err) {
      if (request.destroyed && !request.complete) return;
      log.warn({ err }, 'receipt not processed');
      given = reply(503, 'the receipt was not processed; send it again later');
    }
    const body = `${JSON.stringify(given.body)}\n`;
    const close = given.status === 413 ? { connection: 'close' } : {};
    response.writeHead(given.status, { 'content-type': 'application/json', ...close }).end(body);
  }

  async function handle(request: IncomingMessage): Promise<Reply> {
    const url = URL.parse(request.url ?? '', 'http://receipts');
    const endpoint = url && endpoints.get(url.pathname);
    if (!endpoint) return reply(404, `this path is unknown; use ${[...endpoints.keys()].join(', ')}`);
    if (request.method !== 'POST' && request.method !== 'GET')
      return reply(405, 'this method is not allowed; use POST or GET');
    const body = await bodyOf(request);
    if (body === undefined) return reply(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
    const { token = '', ...query } = Object.fromEntries(url.searchParams);
    if (!isFrom(endpoint.secret, request, token, body, clock.now()))
      return reply(401, 'the signature or the token is missing or wrong');
    const contentType = request.headers['content-type'] ?? '';
    const read = await endpoint.read({ query, contentType, body: body.toString('utf8') });
    if (!read.ok) return reply(400, read.problem);
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

  return {
    name: 'receipts',
    async start() {
      const colon = listen.lastIndexOf(':');
      const host = listen.slice(0, colon).replace(/^\[|\]$/g, '');
      server.listen(Number(listen.slice(colon + 1)), host);
      await once(server, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await Promise.all(running);
      server.closeAllConnections();
      await closed;
    },
  };
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

function isFrom(secret: string, request: IncomingMessage, token: string, body: Buffer, now: Date): boolean {
  const { headers } = request;
  if (isWebhookSecret(secret)) return verifyWebhook([secret], headers as Partial<WebhookHeaders>, body, now);
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return isSame(bearer ?? token, secret);
}

const isSame = (given: string, secret: string): boolean => isSameDigest(toDigest(given), toDigest(secret));

/** The body; undefined when it is larger than allowed. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not end the connection: the reply uses it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const reply = (status: number, message: string): Reply => ({ status, body: { message } });
