import type { Agency } from '@lienthong/contracts/directory';

/**
 * The agencies as one process knows them. All but `get` give ids of candidates: who it was, is or will be at some date;
 * the agency's record says when.
 */
export interface AgencyRegister {
  get(agencyId: string): Agency | undefined;
  /** Who has the code. */
  codeHolders(scheme: string, code: string): ReadonlySet<string>;
  /** Whose main successor the agency is. */
  mainPredecessors(agencyId: string): ReadonlySet<string>;
  /** Who is placed directly under the agency. */
  children(agencyId: string): ReadonlySet<string>;
  /** Who holds the function. */
  holders(fn: string): ReadonlySet<string>;
}
