import type { DeliveryStatus, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { type Parameters, wordQuery } from '@lienthong/kit';

/** All fields that are set must hold; an undefined or empty field restricts nothing. */
export interface Filter {
  /** 0: the recipient has reported no status yet. */
  statuses: readonly DeliveryStatus[];
  types: readonly string[];
  urgencies: readonly Urgency[];
  steerings: readonly SteeringType[];
  /** Inclusive. */
  sentFrom: Date | undefined;
  /** Exclusive. */
  sentTo: Date | undefined;
  text: string;
}

/** The place after which a page begins. Lists are newest first; rows of one instant are ordered by id. */
export interface Place {
  at: Date;
  id: string;
}

/** Conditions of all fields but `statuses`, on `time` (a timestamptz column) and on the columns of `table`. */
export function conditions(
  { add }: Parameters,
  filter: Filter,
  after: Place | undefined,
  { table, time }: { table: string; time: string },
): string[] {
  const found: string[] = [];
  if (after)
    found.push(`(${table}.${time}, ${table}.id) < (${add(after.at)}::timestamptz, ${add(after.id)}::uuid)`);
  if (filter.sentFrom) found.push(`${table}.${time} >= ${add(filter.sentFrom)}::timestamptz`);
  if (filter.sentTo) found.push(`${table}.${time} < ${add(filter.sentTo)}::timestamptz`);
  if (filter.types.length > 0) found.push(`${table}.type = any(${add(filter.types)}::text[])`);
  if (filter.urgencies.length > 0) found.push(`${table}.urgency = any(${add(filter.urgencies)}::smallint[])`);
  if (filter.steerings.length > 0)
    found.push(`${table}.steering = any(${add(filter.steerings)}::smallint[])`);
  const query = wordQuery(filter.text);
  if (query) found.push(`doc.words @@ ${add(query)}::tsquery`);
  return found;
}
