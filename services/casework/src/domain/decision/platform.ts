/** What the platform itself does to dossiers, when time passes or the world around them changes. */
import type { Refusal } from '@lienthong/kit';
import { headOf } from '@lienthong/reference-data';
import type { Dossier } from '../dossier/state.ts';
import type { Caller } from './command.ts';
import { type Draft, decided } from './draft.ts';
import type { Decided } from './events.ts';

export const PLATFORM: Caller = { agencyId: '', officerId: '', roles: [] };

/** Neither: nothing was to be done. Both: something was done, and something has to be tried again. */
export interface Outcome {
  decided?: Decided;
  refusal?: Refusal;
}

export const outcomeOf = (draft: Draft, before: Dossier): Outcome =>
  draft.dossier === before ? {} : { decided: decided(draft) };

/** The head of an agency today, '' when there is none. */
export const headToday = ({ world, today }: Draft, agencyId: string): string =>
  headOf(world, agencyId, today)?.id ?? '';
