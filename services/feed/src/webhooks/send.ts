import { createPoster, type Poster, type PosterOptions, type WebhookHeaders } from '@lienthong/kit';
import type { Outcome } from './domain/health.ts';
import { retryAfterMs } from './domain/retry.ts';

export interface Sender extends Pick<Poster, 'close'> {
  /** Never rejects: what went wrong is the outcome. */
  post(url: string, headers: Readonly<WebhookHeaders>, body: string, now: Date): Promise<Outcome>;
}

export function createSender(options: PosterOptions): Sender {
  const poster = createPoster(options);
  return {
    async post(url, headers, body, now) {
      const all = { ...headers, 'content-type': 'application/cloudevents+json; charset=utf-8' };
      const { status, answer, retryAfter } = await poster.post(url, all, body);
      return { status, answer, retryAfterMs: retryAfterMs(retryAfter, now) };
    },
    close: poster.close,
  };
}
