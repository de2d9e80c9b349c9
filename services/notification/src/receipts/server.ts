import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { MessageChannel } from '@lienthong/contracts/notification';
import {
  type Clock,
  type Database,
  isWebhookSecret,
  type Logger,
  verifyWebhook,
  type WebhookHeaders,
  type Worker,
} from '@lienthong/kit';
import type { ChannelSettings } from '../channels/config.ts';
import { domainOf, senderOf } from '../channels/email.ts';
import { inParallel } from '../channels/in-parallel.ts';
import type { KnownChannel } from '../domain/topics.ts';
import { applyReceipt } from '../store/receipts.ts';
import { readBounce } from './bounce.ts';
import { type ReadReceipts, type ReceiptCall, readAppReceipt, readSmsReceipts } from './read.ts';

export interface ReceiptParts {
  db: Database;
  clock: Clock;
  log: Logger;
  settings: ChannelSettings;
}

interface Door {
  channel: KnownChannel;
  secret: string;
  read(call: ReceiptCall): ReadReceipts;
}

interface Answer {
  status: number;
  body: object;
}

const MOST_BYTES = 256 * 1024;
const AT_ONCE = 4;

/**
 * Takes what providers say later of messages, over HTTP: `/receipts/sms`, `/receipts/mail` and `/receipts/webhook`, each with
 * a secret of its own. Not a gRPC method, for providers call what they always call. TLS ends at the proxy in front.
 */
export function receiptServer(parts: ReceiptParts, listen: string): Worker {
  const { db, clock, log, settings } = parts;
  const doors = doorsOf(settings);
  const under = new Set<Promise<void>>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000 }, (request, response) => {
    const work: Promise<void> = reply(request, response).finally(() => under.delete(work));
    under.add(work);
  });
  server.maxConnections = 256;

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: Answer;
    try {
      answer = await answerTo(request);
    } catch (err) {
      if (request.destroyed && !request.complete) return;
      log.warn({ err }, 'a receipt was not taken');
      answer = said(503, 'not taken; send it again later');
    }
    const body = `${JSON.stringify(answer.body)}\n`;
    const close = answer.status === 413 ? { connection: 'close' } : {};
    response.writeHead(answer.status, { 'content-type': 'application/json', ...close }).end(body);
  }

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    const url = URL.parse(request.url ?? '', 'http://receipts');
    const door = url && doors.get(url.pathname);
    if (!door) return said(404, `there is nothing here; there is ${[...doors.keys()].join(', ')}`);
    if (request.method !== 'POST' && request.method !== 'GET') return said(405, 'send it by POST or GET');
    const body = await bodyOf(request);
    if (body === undefined) return said(413, `the body has more than ${MOST_BYTES} bytes`);
    const { token = '', ...query } = Object.fromEntries(url.searchParams);
    if (!isFrom(door.secret, request, token, body, clock.now()))
      return said(401, 'the signature, or the token, is missing or wrong');
    const contentType = request.headers['content-type'] ?? '';
    const read = door.read({ query, contentType, body: body.toString('utf8') });
    if (!read.ok) return said(400, read.problem);
    const outcomes = await inParallel(read.receipts, AT_ONCE, (one) =>
      applyReceipt(db, door.channel, one, clock.now()),
    );
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
    const counts = {
      applied: count('applied'),
      ignored: count('ignored') + read.without,
      unknown: count('unknown'),
    };
    // A message's answer is written down a moment after it was given: a receipt that overtook it is sent again.
    return counts.unknown > 0
      ? {
          status: 404,
          body: { ...counts, message: 'no such message was sent, or not yet; send it again later' },
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
      await Promise.all(under);
      server.closeAllConnections();
      await closed;
    },
  };
}

function doorsOf(settings: ChannelSettings): Map<string, Door> {
  const doors = new Map<string, Door>();
  const {
    SMS_RECEIPT_SECRET: sms,
    MAIL_RECEIPT_SECRET: mail,
    MAIL_FROM,
    PUSH_WEBHOOK_SECRET: app,
  } = settings;
  if (sms !== undefined)
    doors.set('/receipts/sms', {
      channel: MessageChannel.SMS,
      secret: sms,
      read: (call) => readSmsReceipts(settings, call),
    });
  if (mail !== undefined && MAIL_FROM !== undefined) {
    const domain = domainOf(senderOf(MAIL_FROM).address);
    const read = ({ body }: ReceiptCall) => readBounce(body, domain);
    doors.set('/receipts/mail', { channel: MessageChannel.EMAIL, secret: mail, read });
  }
  if (app !== undefined)
    doors.set('/receipts/webhook', { channel: MessageChannel.WEBHOOK, secret: app, read: readAppReceipt });
  if (doors.size === 0)
    throw new Error(
      'RECEIPT_LISTEN needs SMS_RECEIPT_SECRET, MAIL_RECEIPT_SECRET or PUSH_WEBHOOK_SECRET: who may send receipts',
    );
  return doors;
}

function isFrom(secret: string, request: IncomingMessage, token: string, body: Buffer, now: Date): boolean {
  const { headers } = request;
  if (isWebhookSecret(secret)) return verifyWebhook([secret], headers as Partial<WebhookHeaders>, body, now);
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return isSame(bearer ?? token, secret);
}

const isSame = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Undefined when there is more than may be. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not end the connection: the answer goes over it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const said = (status: number, message: string): Answer => ({ status, body: { message } });
