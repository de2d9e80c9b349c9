import type { ErrorKind, Refusal } from '@lienthong/kit';

/** One reason to refuse a command. */
export interface Problem {
  kind: ErrorKind;
  /** Stable UPPER_SNAKE code. */
  reason: string;
  /** Proto path of the field at fault: `parts[3].merge.successor`. */
  field: string;
  description: string;
}

/** A problem and the position of the part (or line) it was found in; without one it is of none. */
export interface Fault {
  index?: number | undefined;
  problem: Problem;
}

/** The most violations that one refusal carries. */
export const MAX_VIOLATIONS = 100;

/**
 * One refusal of several problems. It has their kind and reason when these agree. A mixture is INVALID_ARGUMENT when one
 * problem lies in the request itself, and FAILED_PRECONDITION otherwise.
 */
export function toRefusal(problems: readonly Problem[]): Refusal {
  const kinds = new Set(problems.map((p) => p.kind));
  const reasons = new Set(problems.map((p) => p.reason));
  const [kind] = kinds;
  const [reason] = reasons;
  const shown = problems.slice(0, 3).map((p) => `${p.field}: ${p.description}`);
  const more = problems.length > shown.length ? ` (and ${problems.length - shown.length} more)` : '';
  return {
    kind:
      kinds.size === 1 && kind
        ? kind
        : kinds.has('invalid-argument')
          ? 'invalid-argument'
          : 'failed-precondition',
    reason: reasons.size === 1 && reason ? reason : 'SEVERAL_PROBLEMS',
    message: `${shown.join('; ')}${more}`,
    violations: problems
      .slice(0, MAX_VIOLATIONS)
      .map(({ field, description, reason }) => ({ field, description, reason })),
    metadata: { problems: String(problems.length) },
  };
}

/**
 * The refusal of a command of many parts. Its metadata names the place of every part (or line) at fault, from 0 and at
 * most 100: the size of a refusal is bounded, and not every violation may fit.
 */
export function refusalOfParts(faults: readonly Fault[]): Refusal {
  const refusal = toRefusal(faults.map(({ problem }) => problem));
  const places = [...new Set(faults.flatMap(({ index }) => index ?? []))].slice(0, MAX_VIOLATIONS);
  if (places.length === 0) return refusal;
  return { ...refusal, metadata: { ...refusal.metadata, places: places.join(',') } };
}
