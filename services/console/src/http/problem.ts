import { LienThongError, Status } from '@lienthong/client';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Why a request failed, for a program: RFC 9457 with the platform's reason and the fields at fault. */
export interface Problem {
  status: ContentfulStatusCode;
  /** Stable, in upper case; PLATFORM_UNAVAILABLE when the platform did not reply. */
  reason: string;
  detail: string;
  violations: readonly { field: string; description: string; reason: string }[];
  retryAfterMs?: number | undefined;
}

const HTTP: Partial<Record<Status, ContentfulStatusCode>> = {
  [Status.INVALID_ARGUMENT]: 400,
  [Status.FAILED_PRECONDITION]: 400,
  [Status.OUT_OF_RANGE]: 400,
  [Status.UNAUTHENTICATED]: 401,
  [Status.PERMISSION_DENIED]: 403,
  [Status.NOT_FOUND]: 404,
  [Status.ALREADY_EXISTS]: 409,
  [Status.ABORTED]: 409,
  [Status.RESOURCE_EXHAUSTED]: 429,
};

/** Undefined for what is not the platform's refusal or absence. */
export function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof LienThongError)) return undefined;
  const { code, reason, details, violations, retryAfterMs } = error;
  if (reason === '') return { status: 503, reason: 'PLATFORM_UNAVAILABLE', detail: details, violations: [] };
  return { status: HTTP[code] ?? 503, reason, detail: details, violations, retryAfterMs };
}

export const sendProblem = (c: Context, problem: Problem): Response =>
  c.json(problem, problem.status, { 'content-type': 'application/problem+json' });
