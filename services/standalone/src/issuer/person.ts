import type { Caller } from '@lienthong/kit';

/** Somebody whom the page offers. */
export interface Person {
  caller: Caller;
  fullName: string;
  /** Position and agency, as people read them. */
  about: string;
}
