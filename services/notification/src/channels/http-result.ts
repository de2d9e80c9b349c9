import { type HttpResult, oneLine } from '@lienthong/outbound';
import type { SendResult } from '../domain/channel.ts';

const MAX_ANSWER = 1_000;

/** A provider's answer as one line. It may contain the contact, which is removed before the answer is stored. */
export const answerLine = (text: string): string => oneLine(text, MAX_ANSWER);

/** Redirects, wrong credentials and a wrong address concern every message, as does a gateway without a backend. */
const EVERY_MESSAGE = new Set([401, 402, 403, 404, 405, 407, 502, 503, 504]);
const LATER = new Set([408, 409, 423, 425, 429]);

/** The result of an attempt by its HTTP status. */
export function toSendResult({ status, text, retryAfterMs, cause }: HttpResult): SendResult {
  if (status === 0) return { kind: 'unavailable', answer: answerLine(text), cause };
  const answer = answerLine(`${status} ${text}`);
  if (status >= 200 && status < 300) return { kind: 'sent', answer };
  if (status < 400 || EVERY_MESSAGE.has(status)) return { kind: 'unavailable', answer, cause };
  if (status >= 500 || LATER.has(status)) return { kind: 'retry', answer, cause, retryAfterMs };
  return { kind: 'refused', answer, cause };
}
