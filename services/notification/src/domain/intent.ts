import { createHash } from 'node:crypto';
import type { Priority } from '@lienthong/contracts/notification';
import type { KnownTopic, Values } from './topics.ts';

/** The recipients that a rule names; `recipientsOf` finds the people at a date. */
export type Audience =
  /** The named officer; the head of the agency when none is named or the officer has left. */
  | { who: 'officer'; officerId: string; agencyId: string }
  | { who: 'head'; agencyId: string }
  /** All clerks and leaders of an agency; its head when there are none. */
  | { who: 'office'; agencyId: string }
  /** The citizen who follows a dossier. */
  | { who: 'follower'; dossierId: string; agencyId: string };

/** A message that an event causes, before recipients and channels are known. */
export interface Intent {
  /** UUID. Event, recipient, topic and channel together identify a message. */
  eventId: string;
  topic: KnownTopic;
  priority: Exclude<Priority, 0>;
  audience: Audience;
  values: Values;
  dossierCode: string;
  documentId: string;
}

/** What rules look up. */
export interface RuleWorld {
  /** The agency's name today as people read it; '' when it is not known. */
  nameOf(agencyId: string): string;
  /** An officer's full name; '' when it is not known. */
  officerName(officerId: string): string;
  /** Where citizens see a dossier; '' without a setting. */
  linkTo(dossierCode: string): string;
  /** The label of a document whose event does not contain it. */
  documentOf(documentId: string): DocumentLabel | undefined;
}

export interface DocumentLabel {
  number: string;
  subject: string;
  issuerName: string;
}

/** The id of a cause that is not an event: a hash of its key, the same in every process (RFC 9562, version 8). */
export function idOfCause(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
