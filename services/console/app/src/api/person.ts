/** Whose page this is, and in which session its calls are made: nothing that one person does here is sent for another. */
import { broughtSession, seeBrought } from './brought.ts';
import { Problem } from './problem.ts';

/** Who the session of a request is of. */
export const WHO = 'directory.v1.AgencyDirectoryService/GetCaller';

let person = seeBrought(WHO, '{}')?.officerId;
let session = broughtSession;

/** The page shows what this person saw last: it is theirs before the platform has replied. */
export function keepFor(officerId: string | undefined): void {
  person ??= officerId;
}

/** Takes up the session for which a reply was made, if it is the page's person's. Throws Problem: SESSION_CHANGED. */
export function enterSession(officerId: string, its: string): void {
  person ??= officerId;
  if (officerId !== person) {
    beginAnew();
    throw new Problem(409, 'SESSION_CHANGED', 'another person has signed in');
  }
  session = its;
}

/** The session of the page; undefined until it is known. */
export const sessionNow = (): string | undefined => session;

/** The session is over. Another one may have taken its place meanwhile. */
export function leaveSession(old: string): void {
  if (session === old) session = undefined;
}

/** Leaves everything that another person has typed. */
export const beginAnew = (): void => location.assign('/lam-viec/');
