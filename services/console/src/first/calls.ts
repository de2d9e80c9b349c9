/** What the first screen at an address reads. The console calls it while the page is on its way. */

import { inboxCalls } from './inbox.ts';
import type { Call, Request } from './types.ts';

/** The id of the element that holds the replies, and their keys in it. */
export const BROUGHT = 'brought';
/**
 * Of a reply, and among the replies of a page: the session for which they were made. Of a request: the one that it is
 * for; another one's is refused.
 */
export const SESSION = 'lien-thong-session';
export const keyOf = (method: string, body: string): string => `${method} ${body}`;

/** @param path below the application's, such as "/van-ban-den" */
export function firstCalls(path: string, search: Readonly<Record<string, string>>): readonly Call[] {
  if (path === '/van-ban-den') return [...OF_EVERY_SCREEN, ...inboxCalls(search)];
  return OF_EVERY_SCREEN;
}

/** Documents that wait to be registered. */
export const NEW_DOCUMENTS: Request<'routing.v1.DocumentRoutingService/CountInbox'> = {
  filter: { notYetArrived: true, statuses: ['DELIVERY_STATUS_ARRIVED'] },
};

const OF_EVERY_SCREEN: readonly Call[] = [
  ['directory.v1.AgencyDirectoryService/GetCaller', {}],
  ['routing.v1.DocumentRoutingService/CountInbox', NEW_DOCUMENTS],
  ['notification.v1.NotificationService/CountUnread', {}],
];
