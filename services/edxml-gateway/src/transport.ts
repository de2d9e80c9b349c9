import type { Answer } from './answer.ts';

/** How packages come from a document system and go to it. Neither direction loses or doubles one when the process is killed. */
export interface Transport {
  /** Packages that wait to be taken, the oldest first. One is offered again until it has its answer. */
  waiting(): AsyncIterable<WaitingPackage>;
  /**
   * Gives a kept package to the system, and removes its file; tries until the system has it or refuses it for good. After a
   * kill the same package is given again under the same id.
   */
  give(kept: KeptPackage, signal: AbortSignal): Promise<void>;
}

export interface WaitingPackage {
  /** For the log. */
  name: string;
  sizeBytes: number;
  /** It may have come before the document that it is about, so it can wait for that one. */
  mayBeEarly: boolean;
  /** @throws when it cannot be read now */
  read(): Promise<Buffer>;
  /** Lets the system know, which ends the offer. @throws when it could not; then the package is offered again */
  answer(answer: Answer): Promise<void>;
}

/** A package for the system, in a file of its own. */
export interface KeptPackage {
  /** Of the event that it was made from: the system knows a repetition by it. */
  id: string;
  path: string;
  kind: 'document' | 'status';
}

/** A larger package is refused unread. */
export const MAX_PACKAGE_BYTES = 300 * 1024 * 1024;
