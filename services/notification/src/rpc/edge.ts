import type { Clock, Database, Policy, Sealer } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { KnownChannel } from '../domain/topics.ts';

/** What the handlers stand on. */
export interface Edge {
  db: Database;
  clock: Clock;
  sealer: Sealer;
  reference: ReferenceCache;
  /** Channels with a provider, in-app among them. */
  configured: ReadonlySet<KnownChannel>;
}

/** Whoever works for an agency reads what is theirs. */
export const STAFF: Policy = { anyOf: ['clerk', 'officer', 'leader', 'admin', 'system'] };
export const LEADERS: Policy = { anyOf: ['leader'] };
export const OPERATORS: Policy = { anyOf: ['admin'] };
