import type { Definition } from '@lienthong/contracts/registry';
import type { HasTierAbove } from '../circumstances.ts';

/** Facts about the world outside a definition; the checker skips the checks of an absent one. */
export interface Known {
  /** The version in force of a procedure. */
  procedures?(code: string): Definition | undefined;
  /** Every function that some agency holds. */
  functions?: ReadonlySet<string>;
  /** Whether an agency with this id exists. */
  agency?(id: string): boolean;
  /** Whether some agency of a tier has one of another tier above it today. */
  hasTierAbove?: HasTierAbove;
}
