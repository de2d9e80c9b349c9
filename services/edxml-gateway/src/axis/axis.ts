import type { Answer } from '../answer.ts';
import type { KeptPackage } from '../transport.ts';

/** A document axis: it keeps packages for systems until they acknowledge them. Each way of speaking to one implements this. */
export interface Axis {
  /** A page of the packages that were not acknowledged, the oldest first, and where the next page begins; '' after the last. */
  list(after: string): Promise<{ packages: readonly AxisPackage[]; next: string }>;
  read(one: AxisPackage): Promise<Buffer>;
  /** Ends the offer of a package: it was taken, or refused with the reason. */
  acknowledge(docId: string, answer: Answer): Promise<void>;
  /** Undefined when the axis has the package, under its id once; or why it never takes it. */
  send(kept: KeptPackage, signal: AbortSignal): Promise<AxisRefusal | undefined>;
  close(): void;
}

export interface AxisPackage {
  /** The axis' own id. */
  docId: string;
  sizeBytes: number;
  /** Lower-case hexadecimal; '' when the axis does not say it. */
  sha256: string;
  sentAt: Date;
}

export interface AxisRefusal {
  reason: string;
  message: string;
}

/** The axis did not do what was requested, for a reason that will pass: it is down, busy, or answers nonsense. */
export class AxisUnavailable extends Error {
  override name = 'AxisUnavailable';
  /** The wait that the axis requested. */
  readonly retryAfterMs: number | undefined;
  constructor(what: string, retryAfterMs?: number) {
    super(`the axis did not ${what}`);
    this.retryAfterMs = retryAfterMs;
  }
}
