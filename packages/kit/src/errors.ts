/** The closed set of ways in which a call can be refused; each maps to one gRPC status (grpc/errors.ts). */
export type ErrorKind =
  | 'invalid-argument'
  | 'unauthenticated'
  | 'permission-denied'
  | 'not-found'
  | 'already-exists'
  | 'failed-precondition'
  | 'out-of-range'
  | 'resource-exhausted'
  | 'aborted'
  | 'unavailable';

/** One thing wrong with one field. `field` is the proto path: `recipients[3].code`. */
export interface FieldViolation {
  field: string;
  description: string;
  /** Stable UPPER_SNAKE code for programs. */
  reason?: string;
}

/** Why a command was not executed; an ordinary value in domain code. */
export interface Refusal {
  kind: ErrorKind;
  /** Stable UPPER_SNAKE code for programs. */
  reason: string;
  /** For people: what is wrong and what to do. Safe to send. */
  message: string;
  violations?: readonly FieldViolation[];
  metadata?: Readonly<Record<string, string>>;
  retryAfterMs?: number;
}

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** A result with a value; `failure` is one with a refusal, which `refuse` would throw. */
export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failure = (refusal: Refusal): { ok: false; refusal: Refusal } => ({ ok: false, refusal });

/** Carries a refusal to the caller. `cause` appears only in the log. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: { cause?: unknown }) {
    super(refusal.message, options);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}

export function refuse(refusal: Refusal, options?: { cause?: unknown }): never {
  throw new RefusalError(refusal, options);
}

/** Cuts a caller's text at a number of characters, so that a message may repeat it. */
export function shorten(text: string, max = 60): string {
  return text.length <= max ? text : `${text.slice(0, max).toWellFormed()}…`;
}

/** `shorten` in quotation marks. */
export const quote = (text: string, max = 60): string => `"${shorten(text, max)}"`;

/** A refusal of the request's fields; the first violation gives the reason when none is given. */
export function invalid(all: readonly FieldViolation[], reason?: string): Refusal {
  const violations = oncePerField(all);
  const shown = violations
    .slice(0, 3)
    .map((v) => (v.field === '' ? v.description : `${v.field}: ${v.description}`));
  const more = violations.length > 3 ? ` (and ${violations.length - 3} more)` : '';
  return {
    kind: 'invalid-argument',
    reason: reason ?? violations[0]?.reason ?? 'FIELD_INVALID',
    message: `${shown.join('; ')}${more}`,
    violations,
  };
}

/** Each field once, with everything that is wrong with it and the reason of the first violation. */
export function oncePerField<V extends FieldViolation>(all: readonly V[]): V[] {
  return [...Map.groupBy(all, ({ field }) => field).values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    const descriptions = new Set([first, ...others].map(({ description }) => description));
    return { ...first, description: [...descriptions].join('; ') };
  });
}

export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
