/** Decisions of the platform itself, when time passes or the world around a dossier changes. */
import { PLATFORM, type Refusal } from '@lienthong/kit';
import { headOf } from '@lienthong/reference-data';
import type { Dossier } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { type Draft, type Edit, openDraft } from './draft.ts';
import type { Decision } from './events.ts';
import { resultOf } from './refusals.ts';
import { settle } from './settle.ts';

/** Neither field: nothing was due. Both: one part was done, and another must be retried. */
export interface PlatformDecision {
  decision?: Decision;
  refusal?: Refusal;
}

export function decideForPlatform(dossier: Dossier, world: World, now: number, edit: Edit): PlatformDecision {
  const result = resultOf(() => edit(openDraft(dossier, world, PLATFORM, now)));
  if (!result.ok) return { refusal: result.refusal };
  return result.value.dossier === dossier ? {} : { decision: settle(result.value) };
}

/** The head of an agency today, '' when there is none. */
export const headToday = ({ world, today }: Draft, agencyId: string): string =>
  headOf(world, agencyId, today)?.id ?? '';
