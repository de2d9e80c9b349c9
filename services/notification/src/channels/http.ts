import type { Sent } from '../domain/channel.ts';
import { answerOf } from './answer.ts';

const MAX_BODY = 64 * 1024;

/** What came back, or that nobody was there. */
export type HttpAnswer =
  | { reached: true; status: number; retryAfterMs: number | undefined; text: string }
  | { reached: false; problem: string };

/** One call; never throws. Redirects are not followed: they would carry credentials and contacts elsewhere. */
export async function call(url: string, init: RequestInit, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const retryAfterMs = retryAfter(response.headers.get('retry-after'), Date.now());
    return { reached: true, status: response.status, retryAfterMs, text: await textOf(response) };
  } catch (error) {
    return { reached: false, problem: signal.aborted ? 'no answer in time' : problemOf(error) };
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** What an HTTP status says about a message. */
export function sentBy(answer: HttpAnswer): Sent {
  if (!answer.reached) return { outcome: 'unavailable', answer: answerOf(answer.problem) };
  const { status, retryAfterMs } = answer;
  const said = answerOf(`${status} ${answer.text}`);
  if (status >= 200 && status < 300) return { outcome: 'sent', answer: said };
  // Redirects, wrong credentials and wrong addresses are the same for every message, as is a gateway's silence.
  if (status < 400 || EVERYBODY.has(status)) return { outcome: 'unavailable', answer: said };
  if (status >= 500 || LATER.has(status)) return { outcome: 'retry', answer: said, retryAfterMs };
  return { outcome: 'refused', answer: said };
}

const EVERYBODY = new Set([401, 402, 403, 404, 405, 407, 502, 503, 504]);
const LATER = new Set([408, 409, 423, 425, 429]);

/** The beginning of the body; the rest is left unread. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_BODY);
}

function problemOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
