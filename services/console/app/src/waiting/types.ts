import type { Method, Request } from '../api/call.ts';
import type { Entry as EntryOf } from '../api/person-store.ts';
import type { Violation } from '../api/problem.ts';
import type { Key } from '../text/text.tsx';

/** A command that the platform has not replied to. */
export interface Waiting {
  method: Method;
  /** With its request_id: sent again it happens once. */
  request: Request<Method>;
  /** What it is about, such as a dossier: commands of one thing go out in the order in which they were given. */
  thing: string;
  /** In words: what is done, and with what. */
  act: Key;
  about: string;
  /** Where in the application that is. */
  path: string;
  /** When it was given. */
  at: string;
  /** Why the platform does not take it; the person decides what becomes of it. */
  refused?: Refusal;
}
export interface Refusal {
  status: number;
  reason: string;
  detail: string;
  violations: readonly Violation[];
}
export type Entry = EntryOf<Waiting>;
