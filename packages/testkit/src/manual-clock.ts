export interface ManualClock {
  now(): Date;
  advance(milliseconds: number): void;
  set(iso: string): void;
}

/** A clock that moves only by its methods. Throws RangeError on text that is not an instant. */
export function manualClock(startIso: string): ManualClock {
  let instant = parse(startIso);
  return {
    now: () => new Date(instant),
    advance(milliseconds) {
      instant += milliseconds;
    },
    set(iso) {
      instant = parse(iso);
    },
  };
}

function parse(iso: string): number {
  const instant = Date.parse(iso);
  if (Number.isNaN(instant)) throw new RangeError(`not an instant: ${iso}`);
  return instant;
}
