import type { Calendar } from '@lienthong/working-time';
import { type Fact, factOf, isEnd } from './fact.ts';
import { advance, type CountedEvent, type Tally } from './tally.ts';

/** Facts to write, and tallies to keep; undefined for a tally to delete. */
export interface CountResult {
  facts: Fact[];
  tallies: Map<string, Tally | undefined>;
}

/**
 * Counts events, in their order, from the tallies of their dossiers. Counting events again gives the same facts or none.
 */
export function count(
  before: ReadonlyMap<string, Tally>,
  events: readonly CountedEvent[],
  calendarOf: (agencyId: string) => Calendar,
): CountResult {
  const facts: Fact[] = [];
  const tallies = new Map<string, Tally | undefined>();
  for (const event of events) {
    const id = event.payload.dossier?.id;
    if (id === undefined) throw new Error(`event ${event.type} carries no dossier`);
    const known = tallies.has(id) ? tallies.get(id) : before.get(id);
    const tally = advance(known, event);
    if (tally === undefined) continue;
    const fact = event.isPast ? undefined : factOf(tally, event, calendarOf);
    if (fact) facts.push(fact);
    if (isEnd(event)) tallies.set(id, undefined);
    else if (tally !== known) tallies.set(id, tally);
  }
  return { facts, tallies };
}
