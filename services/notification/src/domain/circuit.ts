import { exponential, jittered } from '@lienthong/outbound';

/** Whether a provider works; shared by all senders of its channel. */
export interface Circuit {
  /** Failures in a row; above 0 the circuit is open, and one message probes the provider when `openUntil` is past. */
  failures: number;
  openUntil: Date | null;
  /** A sender probes it; if that sender dies, another may probe after this moment. */
  probingUntil: Date | null;
  /** Messages per batch while it recovers; null: no limit. */
  allowance: number | null;
}

export const CLOSED: Circuit = { failures: 0, openUntil: null, probingUntil: null, allowance: null };

const PAUSE = { firstMs: 5_000, longestMs: 600_000 };

/** How many messages may be claimed now, and the circuit once they are. */
export function claimable(
  circuit: Circuit,
  now: Date,
  most: number,
  probeMs: number,
): { count: number; circuit: Circuit } {
  if (circuit.failures === 0) return { count: Math.min(most, circuit.allowance ?? most), circuit };
  if (isAfter(circuit.openUntil, now) || isAfter(circuit.probingUntil, now)) return { count: 0, circuit };
  return { count: 1, circuit: { ...circuit, probingUntil: new Date(now.getTime() + probeMs) } };
}

/**
 * The circuit after a batch. A provider that did not work gets no message for a time, twice as long after each failure
 * and at most ten minutes. One that works again gets batches that double until they have full size.
 * @param random from [0, 1)
 */
export function afterBatch(
  circuit: Circuit,
  { answered, unavailable }: { answered: number; unavailable: number },
  now: Date,
  most: number,
  random: number,
): Circuit {
  // Of several batches in the same outage only the first counts.
  if (isAfter(circuit.openUntil, now)) return circuit;
  if (unavailable > 0) {
    const failures = answered > 0 ? 1 : circuit.failures + 1;
    const pause = jittered(exponential(failures, PAUSE), random);
    return { failures, openUntil: new Date(now.getTime() + pause), probingUntil: null, allowance: 1 };
  }
  if (answered === 0) return { ...circuit, probingUntil: null };
  const allowance = circuit.allowance === null ? null : circuit.allowance * 2;
  return { ...CLOSED, allowance: allowance === null || allowance >= most ? null : allowance };
}

const isAfter = (instant: Date | null, now: Date): boolean => instant !== null && instant > now;
