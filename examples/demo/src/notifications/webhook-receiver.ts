import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { ReceivedEvent } from './compare.ts';

export interface Receiver {
  url: string;
  /** What was answered by 200, in its order. */
  taken: readonly ReceivedEvent[];
  /** Answered by 500, though they were signed as they must be. */
  refused(): number;
  /** Requests answered with 401: their signature is not valid. */
  unsigned(): number;
  /** From now on what is signed by this secret is believed. */
  trust(secret: string): void;
  /** Answers so many requests by 500, from the `after`-th it takes on. */
  fail(after: number, times: number): void;
  close(): Promise<void>;
}

/** A department's own web server, as it would be written from the specification. */
export async function openReceiver(): Promise<Receiver> {
  const taken: ReceivedEvent[] = [];
  const failing = { after: Number.POSITIVE_INFINITY, left: 0 };
  let webhook: Webhook | undefined;
  let refused = 0;
  let unsigned = 0;

  function answer({ headers }: IncomingMessage, body: string): number {
    if (webhook === undefined || !isSigned(webhook, headers, body)) {
      unsigned += 1;
      return 401;
    }
    if (taken.length >= failing.after && failing.left > 0) {
      failing.left -= 1;
      refused += 1;
      return 500;
    }
    const { type, subject, sequence } = JSON.parse(body);
    taken.push({ id: String(headers['webhook-id']), type, subject, sequence: Number(sequence) });
    return 200;
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(answer(request, Buffer.concat(chunks).toString('utf8'))).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/su-kien`,
    taken,
    refused: () => refused,
    unsigned: () => unsigned,
    trust(secret) {
      webhook = new Webhook(secret);
    },
    fail(after, times) {
      Object.assign(failing, { after, left: times });
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Checks signature and age with the specification's own library, by the machine's clock. */
function isSigned(webhook: Webhook, headers: IncomingMessage['headers'], body: string): boolean {
  try {
    webhook.verify(body, headers as Record<string, string>);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
