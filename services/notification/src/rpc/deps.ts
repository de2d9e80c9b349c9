import {
  CitizenNotificationServiceDefinition,
  NotificationOperationsServiceDefinition,
  NotificationServiceDefinition,
} from '@lienthong/contracts/notification';
import { type EventLog, mutationWith } from '@lienthong/eventlog';
import {
  type Attempts,
  type Context,
  type Database,
  methodsWith,
  type Policy,
  refuse,
  type Sealer,
} from '@lienthong/kit';
import type { AddressRules } from '@lienthong/outbound';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { KnownChannel } from '../domain/topics.ts';

/** What the handlers work with. */
export interface Deps {
  db: Database;
  events: EventLog;
  sealer: Sealer;
  reference: ReferenceCache;
  /** Channels with a provider, in-app among them. */
  configured: ReadonlySet<KnownChannel>;
  /** The addresses that agencies' receivers may have. */
  address: AddressRules;
  /** Wrong secrets of citizens, by dossier code. */
  attempts: Attempts;
}

export const { methods: Notifications } = NotificationServiceDefinition;
export const { methods: Citizens } = CitizenNotificationServiceDefinition;
export const { methods: Operations } = NotificationOperationsServiceDefinition;
export const { query, list } = methodsWith<Deps>();
export const mutation = mutationWith<Deps>();

/** All who work for an agency read its messages. */
export const STAFF: Policy = { anyOf: ['clerk', 'officer', 'leader', 'admin', 'system'] };
export const LEADERS: Policy = { anyOf: ['leader'], ofAgency: true };
export const OPERATORS: Policy = { anyOf: ['admin'] };

/** Refuses: OFFICER_REQUIRED. */
export function officerOf({ caller }: Context): string {
  if (caller.officerId !== '') return caller.officerId;
  return refuse({
    kind: 'permission-denied',
    reason: 'OFFICER_REQUIRED',
    message: 'this call needs a token that names an officer',
  });
}
