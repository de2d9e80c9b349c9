import { ClientError, Status } from 'nice-grpc-common';
import { decodeErrorDetails, type ErrorDetails, type FieldViolation } from './details.ts';

/** A call that failed. Programs look at `code` and `reason`; people read `details`. */
export class LienThongError extends Error {
  /** The method, `/package.Service/Method`. */
  readonly path: string;
  readonly code: Status;
  /** Stable UPPER_SNAKE code; empty when the platform did not reply (a lost connection, a deadline). */
  readonly reason: string;
  /** The platform's message: what is wrong and what to do. */
  readonly details: string;
  readonly violations: readonly FieldViolation[];
  readonly metadata: Readonly<Record<string, string>>;
  /** How long to wait before a retry, when the platform names a delay. */
  readonly retryAfterMs: number | undefined;

  constructor(error: ClientError, more: Partial<ErrorDetails> = {}) {
    const { reason = '', metadata = {}, violations = [], retryAfterMs } = more;
    super(`${error.path} ${[Status[error.code], reason].join(' ').trimEnd()}: ${error.details}`, {
      cause: error,
    });
    this.name = 'LienThongError';
    this.path = error.path;
    this.code = error.code;
    this.reason = reason;
    this.details = error.details;
    this.violations = violations;
    this.metadata = metadata;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Joins the error of a failed call with the details in its trailer. */
export const errorOf = (error: ClientError, trailer: Uint8Array | undefined): LienThongError =>
  new LienThongError(error, decodeErrorDetails(trailer));

/** An error that the client finds itself. */
export const localError = (path: string, code: Status, details: string, reason?: string): LienThongError =>
  new LienThongError(new ClientError(path, code, details), { reason });
