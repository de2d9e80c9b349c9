import type { lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { AddressRefused, type AddressRules, checkLiteral, guardedLookup } from './address.ts';

/** What came of a POST. */
export interface Posted {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The beginning of the answer, or why there was none. */
  answer: string;
  /** The header Retry-After, as it came. */
  retryAfter?: string | undefined;
}

export interface Poster {
  /** Never rejects: what went wrong is the outcome. Given up by the signal as by the time. */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal?: AbortSignal,
  ): Promise<Posted>;
  close(): void;
}

export interface PosterOptions {
  rules: AddressRules;
  /** For the whole exchange, from resolving the name to the end of the answer; in ms. */
  timeoutMs: number;
  /** Instead of the system's resolver. */
  resolve?: typeof systemLookup;
}

/** Characters of an answer that are kept. */
const KEPT_ANSWER = 500;
/** Bytes of an answer that are read; a connection with more to say is closed. */
const READ_ANSWER = 4_096;

/**
 * Posts to addresses that others have given, by HTTP/1.1 over connections that are kept; where a connection would lead
 * is checked by the rules each time one is made. Never follows a redirect.
 */
export function createPoster({ rules, timeoutMs, resolve }: PosterOptions): Poster {
  const options = {
    keepAlive: true,
    lookup: guardedLookup(rules, resolve),
    maxFreeSockets: 64,
    timeout: 30_000,
  };
  const http = new HttpAgent(options);
  const { authorities } = rules;
  const https = new HttpsAgent({
    ...options,
    ...(authorities && { ca: [...getCACertificates('default'), ...authorities] }),
  });

  function exchange(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    given: AbortSignal | undefined,
  ): Promise<Posted> {
    const timeout = AbortSignal.timeout(timeoutMs);
    return new Promise((done, reject) => {
      const isHttps = url.protocol === 'https:';
      const sent = (isHttps ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: isHttps ? https : http,
        signal: given ? AbortSignal.any([given, timeout]) : timeout,
        headers: {
          ...headers,
          'content-length': Buffer.byteLength(body),
          'user-agent': 'lien-thong-webhooks/1',
        },
      });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const { statusCode: status = 0 } = answer;
        readBeginning(answer).then(
          (text) => done({ status, answer: text, retryAfter: answer.headers['retry-after'] }),
          reject,
        );
      });
      sent.end(body);
    });
  }

  return {
    async post(url, headers, body, signal) {
      try {
        const to = new URL(url);
        checkLiteral(to, rules);
        return await exchange(to, headers, body, signal);
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
