import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { WebhookHeaders } from '@lienthong/kit';
import { AddressRefused, type AddressRules, checkLiteral } from './address.ts';
import type { Outcome } from './domain/health.ts';
import { retryAfterMs } from './domain/retry.ts';

export interface Sender {
  /** Never rejects: what went wrong is the outcome. */
  post(url: string, headers: Readonly<WebhookHeaders>, body: string, now: Date): Promise<Outcome>;
  close(): void;
}

/** Characters of an answer that are kept for the log of attempts. */
const KEPT_ANSWER = 500;
/** Bytes of an answer that are read; a connection with more to say is closed. */
const READ_ANSWER = 4_096;

export interface SenderOptions {
  rules: AddressRules;
  lookup: LookupFunction;
  /** For the whole exchange, from resolving the name to the end of the answer; in ms. */
  timeoutMs: number;
}

/** Sends by HTTP/1.1, keeping connections; never follows a redirect. */
export function createSender({ rules, lookup, timeoutMs }: SenderOptions): Sender {
  const options = { keepAlive: true, lookup, maxFreeSockets: 64, timeout: 30_000 };
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);

  function exchange(url: URL, headers: Readonly<WebhookHeaders>, body: string, now: Date): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const isHttps = url.protocol === 'https:';
      const sent = (isHttps ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: isHttps ? https : http,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...headers,
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'lien-thong-webhooks/1',
        },
      });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        readBeginning(answer).then(
          (text) =>
            resolve({
              status: answer.statusCode ?? 0,
              answer: text,
              retryAfterMs: retryAfterMs(answer.headers['retry-after'], now),
            }),
          reject,
        );
      });
      sent.end(body);
    });
  }

  return {
    async post(url, headers, body, now) {
      try {
        const to = new URL(url);
        checkLiteral(to, rules);
        return await exchange(to, headers, body, now);
      } catch (error) {
        return { status: 0, answer: whyNot(error, timeoutMs) };
      }
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

/** What a receiver has said counts once its status is there: of a longer answer the rest is not waited for. */
async function readBeginning(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, READ_ANSWER - size));
    size += chunk.length;
    // Leaving the loop destroys the connection.
    if (size >= READ_ANSWER) break;
  }
  return [...Buffer.concat(chunks).toString('utf8').replaceAll('\u0000', '\ufffd')]
    .slice(0, KEPT_ANSWER)
    .join('');
}

function whyNot(error: unknown, timeoutMs: number): string {
  if (error instanceof AddressRefused) return `refused: ${error.message}`;
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || code === 'ABORT_ERR') return `no complete answer within ${timeoutMs} ms`;
  return [...`${code ?? name}: ${message}`].slice(0, KEPT_ANSWER).join('');
}
