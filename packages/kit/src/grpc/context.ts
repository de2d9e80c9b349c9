import type { Metadata } from 'nice-grpc-common';
import type { Caller } from '../auth/caller.ts';
import type { Logger } from '../log.ts';
import type { ReadItem } from './reads.ts';

/** What a handler knows of a call besides the request. */
export interface Context {
  caller: Caller;
  /** When the caller's token or certificate ends; undefined for a stranger. */
  expiresAt: Date | undefined;
  /** Where the call comes from, as calls are counted by it: an IPv4 address or the /64 of an IPv6 one. */
  address: string;
  /** When the call came in, and its date in Vietnam. */
  now: Date;
  today: string;
  /** Aborted when the caller goes away or its deadline passes. */
  signal: AbortSignal;
  log: Logger;
  /**
   * What the call shows, or withholds when it is refused; the handler of a method that declares `reads` adds to it before
   * it refuses. Empty and frozen for other methods.
   */
  reads: ReadItem[];
  /** Tells the caller up to which position this call has written a log: `lienthong-written`. */
  written(log: string, position: number): void;
}

/** A call whose caller may make it. */
export interface Call {
  caller: Caller;
  /** Milliseconds since 1970. */
  expiresAt: number | undefined;
  address: string;
  signal: AbortSignal;
  /** Sent with the request. */
  metadata: Metadata;
  /** Goes out before the reply. */
  header: Metadata;
}
