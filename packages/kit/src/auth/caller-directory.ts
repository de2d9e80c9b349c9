import type { Refusal, Result } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { Claims } from './claims.ts';

/** Who a caller is today. */
export interface Identity {
  caller: Caller;
  /** Why the caller may change nothing, only read; undefined for one who may do both. */
  readsOnly: Refusal | undefined;
}

/** What a service's copy of the directory says about callers. */
export interface CallerDirectory {
  /** Who a token's claims mean at a date, with the roles that they have then. */
  identify(claims: Claims, date: string): Result<Identity>;
  /** What the certificate with this SHA-256 fingerprint says at an instant, as a token would: whose system shows it. */
  certified(fingerprint: string, now: Date): Result<Claims>;
  /** Brings the copy in memory up to date with the service's database. */
  refresh(): Promise<unknown>;
}
