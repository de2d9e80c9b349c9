import type { ControlName } from './controls.ts';
import type { FaultName } from './faults.ts';

export interface ControlRun {
  /** What shows the control besides the load, and for how long. */
  faults: readonly FaultName[];
  seconds: number;
  /** The difference that shows it; any other may have another cause. */
  finds: RegExp;
}

export const CONTROL_RUNS: Record<ControlName, ControlRun> = {
  idempotency: { faults: [], seconds: 5, finds: /^doubled: request / },
  fence: {
    faults: ['services paused and replaced'],
    seconds: 45,
    finds: /^(doubled|disordered): the stream|the log of .* is halted/,
  },
  cursor: {
    faults: ['services paused and replaced'],
    seconds: 45,
    finds: /^stuck: .* has parked|^doubled: the (audit|feed)/,
  },
  'lock-order': { faults: [], seconds: 20, finds: /transactions waited for each other/ },
  position: { faults: [], seconds: 5, finds: /^disordered: .* is version / },
  durability: { faults: ['PostgreSQL killed at a reply'], seconds: 30, finds: /^lost: / },
  parking: {
    faults: ['effects refused for a while'],
    seconds: 5,
    finds: /^lost: the audit/,
  },
};
