import type { Priority } from '@lienthong/contracts/notification';
import type { KnownTopic, Values } from './topics.ts';

/** Whom a rule means; who that is at the date is found in the copies of the directory. */
export type Audience =
  /** The officer named, or (nobody named, or no longer in position) the head of the agency. */
  | { who: 'officer'; officerId: string; agencyId: string }
  | { who: 'head'; agencyId: string }
  /** Clerks and leaders of an agency, whoever they are; none: its head. */
  | { who: 'office'; agencyId: string }
  /** The citizen who follows a dossier. */
  | { who: 'follower'; dossierId: string; agencyId: string };

/** Somebody is to be told something. */
export interface Intent {
  /** UUID; with recipient, topic and channel what makes a message the same one. */
  eventId: string;
  topic: KnownTopic;
  priority: Exclude<Priority, 0>;
  audience: Audience;
  values: Values;
  dossierCode: string;
  documentId: string;
}

/** What rules look up of the world. */
export interface RuleWorld {
  /** The agency's name today; '' when it is not known. */
  nameOf(agencyId: string): string;
  /** What is known of a document whose event does not describe it. */
  documentOf(documentId: string): DocumentLabel | undefined;
}

export interface DocumentLabel {
  number: string;
  subject: string;
  issuerName: string;
}
