import type { Calendar } from '@lienthong/working-time';
import { type Fact, factOf, isEnd } from './fact.ts';
import { advance, type CountedEvent, type Tally } from './tally.ts';

/** What a run of events leaves: facts to write, tallies to keep, and undefined in place of those that may go. */
export interface Counted {
  facts: Fact[];
  tallies: Map<string, Tally | undefined>;
}

/**
 * Counts events, in the order in which they happened, on from the tallies of their dossiers. Counting events again
 * gives the same facts or none.
 */
export function count(
  before: ReadonlyMap<string, Tally>,
  events: readonly CountedEvent[],
  calendarOf: (agencyId: string) => Calendar,
): Counted {
  const facts: Fact[] = [];
  const tallies = new Map<string, Tally | undefined>();
  for (const event of events) {
    const id = event.payload.dossier?.id;
    if (id === undefined) throw new Error(`event ${event.type} carries no dossier`);
    const known = tallies.has(id) ? tallies.get(id) : before.get(id);
    const tally = advance(known, event);
    if (tally === undefined) continue;
    const fact = factOf(tally, event, calendarOf);
    if (fact) facts.push(fact);
    if (isEnd(event)) tallies.set(id, undefined);
    else if (tally !== known) tallies.set(id, tally);
  }
  return { facts, tallies };
}
