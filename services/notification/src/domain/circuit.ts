/** How a provider is doing, shared by all senders of its channel. */
export interface Circuit {
  /** Times in a row that it was not there; more than 0: only one message tries it, when `openUntil` is past. */
  failures: number;
  openUntil: Date | null;
  /** Somebody is trying it; should they die, the next may from then on. */
  probingUntil: Date | null;
  /** Messages at once while it comes back; null: no bound. */
  allowance: number | null;
}

export const CLOSED: Circuit = { failures: 0, openUntil: null, probingUntil: null, allowance: null };

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;

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
 * The circuit after a batch. A provider that was not there is left alone, twice as long each time and at most ten
 * minutes; one that answers again gets twice as much from batch to batch until a batch is as big as any.
 * @param chance from 0 to 1, so that installations do not come back at the same moment
 */
export function afterBatch(
  circuit: Circuit,
  { answered, unavailable }: { answered: number; unavailable: number },
  now: Date,
  most: number,
  chance: number,
): Circuit {
  // Of several batches that met the same outage only the first one counts.
  if (isAfter(circuit.openUntil, now)) return circuit;
  if (unavailable > 0) {
    const failures = answered > 0 ? 1 : circuit.failures + 1;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.8 + 0.4 * chance);
    return { failures, openUntil: new Date(now.getTime() + pause), probingUntil: null, allowance: 1 };
  }
  if (answered === 0) return { ...circuit, probingUntil: null };
  const allowance = circuit.allowance === null ? null : circuit.allowance * 2;
  return { ...CLOSED, allowance: allowance === null || allowance >= most ? null : allowance };
}

const isAfter = (instant: Date | null, now: Date): boolean => instant !== null && instant > now;
