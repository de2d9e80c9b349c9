/** Refusals as values, in the shape that kit's errors map to a gRPC status. */

/** One thing wrong at one place: `data.area_m2`. */
export interface FieldViolation {
  field: string;
  description: string;
  /** Stable UPPER_SNAKE code for programs. */
  reason: string;
}

export interface Refusal {
  kind: 'invalid-argument' | 'failed-precondition' | 'not-found';
  /** Stable UPPER_SNAKE code for programs. */
  reason: string;
  /** For people: the problem and its remedy. Safe to send. */
  message: string;
  violations?: readonly FieldViolation[];
}

export interface Failure {
  ok: false;
  refusal: Refusal;
}

export type Result<T> = { ok: true; value: T } | Failure;

export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failure = (refusal: Refusal): Failure => ({ ok: false, refusal });

export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
