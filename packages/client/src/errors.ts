import { ClientError, Status } from 'nice-grpc-common';
import { decodeErrorDetails, type ErrorDetails, type FieldViolation } from './details.ts';

/** A call that failed. Programs look at `code` and `reason`; people read `details`. */
export class LienThongError extends Error {
  /** The method, `/package.Service/Method`. */
  readonly path: string;
  readonly code: Status;
  /** Stable UPPER_SNAKE code; empty when the failure is not the platform's answer (a lost line, a deadline). */
  readonly reason: string;
  /** The platform's words: what is wrong and what to do. */
  readonly details: string;
  readonly violations: readonly FieldViolation[];
  readonly metadata: Readonly<Record<string, string>>;
  /** How long the platform asks to wait before the same call is sent again. */
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

/** The error a call failed with and the details in its trailer. */
export const errorOf = (error: ClientError, trailer: Uint8Array | undefined): LienThongError =>
  new LienThongError(error, decodeErrorDetails(trailer));

/** An error found on this side of the line. */
export const localError = (path: string, code: Status, details: string, reason?: string): LienThongError =>
  new LienThongError(new ClientError(path, code, details), { reason });
