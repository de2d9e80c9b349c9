/**
 * Reading one's own writes across services. A reply that wrote events carries `lienthong-written`: a log and how far it
 * has come. A later request that carries this as `lienthong-after` is not refused out of ignorance: when the service
 * would refuse it, the service first applies those events and decides again.
 */
import { type Refusal, RefusalError, refuse } from '../errors.ts';

export const WRITTEN = 'lienthong-written';
export const AFTER = 'lienthong-after';

/** The last position by log, for example directory → 1234. */
export type Positions = ReadonlyMap<string, number>;

/**
 * Waits until the service has applied the other services' events up to these positions; at most `waitMs`.
 * Resolves to false when it has not by then.
 */
export type CatchUp = (after: Positions, waitMs: number, signal: AbortSignal) => Promise<boolean>;

const MAX_POSITIONS = 16;
const WAIT_MS = 3_000;
const ONE = /^\s*([a-z][a-z-]{0,39})=(\d{1,15})\s*$/;

/** `directory=1234,registry=7`. Refuses: AFTER_INVALID. */
export function parsePositions(text: string): Positions {
  const parts = text.split(',', MAX_POSITIONS + 1);
  if (parts.length > MAX_POSITIONS) refuse(afterInvalid);
  return new Map(
    parts.map((part) => {
      const [, log, position] = ONE.exec(part) ?? refuse(afterInvalid);
      return [log as string, Number(position)];
    }),
  );
}

/** Carries out a call. A refusal stands only if the service knows what the caller has written before. */
export async function afterOwnWrites<R>(
  after: Positions,
  catchUp: CatchUp | undefined,
  signal: AbortSignal,
  carryOut: () => Promise<R>,
): Promise<R> {
  try {
    return await carryOut();
  } catch (error) {
    if (catchUp === undefined || !mayBeOutOfIgnorance(error)) throw error;
  }
  if (!(await catchUp(after, WAIT_MS, signal))) refuse(notCaughtUp);
  return carryOut();
}

/** Also 'unauthenticated': a certificate that was registered a moment ago is unknown. */
const IGNORANT: readonly Refusal['kind'][] = [
  'not-found',
  'failed-precondition',
  'permission-denied',
  'invalid-argument',
  'unauthenticated',
];

const mayBeOutOfIgnorance = (error: unknown): boolean =>
  error instanceof RefusalError && IGNORANT.includes(error.refusal.kind);

const afterInvalid: Refusal = {
  kind: 'invalid-argument',
  reason: 'AFTER_INVALID',
  message: `${AFTER} must be what ${WRITTEN} gave, for example directory=1234,registry=7; at most ${MAX_POSITIONS} logs`,
};

const notCaughtUp: Refusal = {
  kind: 'unavailable',
  reason: 'NOT_CAUGHT_UP',
  message: 'the service does not know yet what you have written before; try again in a moment',
  retryAfterMs: 1_000,
};
