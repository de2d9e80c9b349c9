import type { Clock } from '@lienthong/kit';
import {
  createHttpClient,
  exponential,
  type HttpRequest,
  type HttpResult,
  jittered,
  urlProblem,
} from '@lienthong/outbound';
import { z } from 'zod';
import { countFailure } from './metrics.ts';
import type { PaymentLink, PaymentProvider, ProviderResult } from './provider.ts';
import { type Report, readReport } from './report.ts';
import type { PaymentSettings } from './settings.ts';

/** Requests to the provider at once, in one process. */
const MAX_AT_ONCE = 32;
const PAUSE = { firstMs: 1_000, longestMs: 60_000 };
/** The link is for the citizen's browser; the platform does not follow it. */
const LINK_RULES = { allowPrivate: true, allowHttp: false, ports: [] };

const link = z.object({
  url: z.string().refine((text) => urlProblem(text, LINK_RULES) === undefined),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

/**
 * A provider that creates a payment by POST and gives its state by GET, in the format of this folder's README. After a
 * failure it is left alone for a while, as long as it requests or ever longer: meanwhile every call fails at once.
 */
export function httpPaymentProvider(
  settings: PaymentSettings & { PAYMENT_URL: string; PAYMENT_NAME: string },
  clock: Clock,
): PaymentProvider {
  const http = createHttpClient({ clock, timeoutMs: settings.PAYMENT_TIMEOUT_S * 1000, readBytes: 16_384 });
  const { PAYMENT_AUTHORIZATION: authorization } = settings;
  let running = 0;
  let failures = 0;
  let pausedUntil = 0;

  const pausedMs = () => Math.max(0, pausedUntil - clock.now().getTime());

  async function send(call: 'create' | 'check', id: string, request: Omit<HttpRequest, 'headers'>) {
    if (pausedMs() > 0) return failed('PAUSED', pausedMs());
    if (running >= MAX_AT_ONCE) return failed('TOO_MANY_AT_ONCE', PAUSE.firstMs);
    running += 1;
    const result = await http
      .send({
        ...request,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': id,
          ...(authorization && { authorization }),
        },
      })
      .finally(() => {
        running -= 1;
      });
    if (!isDown(result)) failures = 0;
    else {
      failures += 1;
      const waitMs = result.retryAfterMs ?? jittered(exponential(failures, PAUSE), Math.random());
      pausedUntil = clock.now().getTime() + waitMs;
      countFailure(call, result.cause);
      return failed(result.cause, waitMs);
    }
    return { ok: true as const, value: result };
  }

  /** A response that the provider should not give: to be looked at, while other payments may go well. */
  function unusable(call: 'create' | 'check', { status, cause }: HttpResult) {
    const why = isSuccess(status) ? 'RESPONSE_INVALID' : cause;
    countFailure(call, why);
    return failed(why, PAUSE.longestMs);
  }

  return {
    name: settings.PAYMENT_NAME,

    async create({ id, amountVnd, dossierCode }): Promise<ProviderResult<PaymentLink>> {
      const { PAYMENT_RETURN_URL: returnUrl } = settings;
      const body = JSON.stringify({
        id,
        amount: amountVnd,
        currency: 'VND',
        description: `Nộp phí, lệ phí hồ sơ ${dossierCode}`,
        ...(returnUrl && { return_url: returnUrl }),
      });
      const sent = await send('create', id, { url: settings.PAYMENT_URL, body });
      if (!sent.ok) return sent;
      const found = isSuccess(sent.value.status) ? link.safeParse(jsonOf(sent.value.text)).data : undefined;
      if (found === undefined) return unusable('create', sent.value);
      const { url, expires_at } = found;
      return { ok: true, value: { url, expiresAt: expires_at === undefined ? null : new Date(expires_at) } };
    },

    async check(id): Promise<ProviderResult<Report | undefined>> {
      const url = new URL(settings.PAYMENT_URL);
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${id}`;
      const sent = await send('check', id, { url: url.href, method: 'GET' });
      if (!sent.ok) return sent;
      if (sent.value.status === 404) return { ok: true, value: undefined };
      const report = isSuccess(sent.value.status) ? readReport(sent.value.text) : undefined;
      return report?.id === id ? { ok: true, value: report } : unusable('check', sent.value);
    },

    pausedMs,
    close: http.close,
  };
}

const failed = (cause: string, retryAfterMs: number) => ({ ok: false as const, cause, retryAfterMs });
const isSuccess = (status: number): boolean => status >= 200 && status < 300;
const isDown = ({ status }: HttpResult): boolean =>
  status === 0 || status === 408 || status === 429 || status >= 500;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
