import type { Draft } from './document.ts';

export interface IssueCommand {
  kind: 'issue';
  callerId: string;
  officerId: string;
  now: Date;
  /** The date of `now` in Vietnam. */
  today: string;
  documentId: string;
  /** One for each recipient. */
  deliveryIds: readonly string[];
  draft: Draft;
}
