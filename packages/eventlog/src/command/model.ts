import type { Refusal, Story, Tx } from '@lienthong/kit';
import type { NewEvent, RecordedEvent } from '../event.ts';

export type Decision<R> =
  | { ok: true; events: readonly NewEvent[]; reply: R }
  | { ok: false; refusal: Refusal };

/**
 * How a service carries out its commands. Concurrent commands share one transaction, so everything but `decide`
 * and `evolve` works on a whole batch.
 */
export interface CommandModel<C, S, R> {
  /**
   * Reads, and locks in sorted order (`for update`), what the commands need. Statements issued without awaiting
   * in between travel together.
   */
  load(tx: Tx, commands: readonly C[]): Promise<S>;
  /** Pure. */
  decide(command: C, state: S): Decision<R>;
  /** What a command is about, for its span, also when it is refused; without this only its events tell. Pure. */
  story?(command: C, state: S): Story;
  /** Lets the batch's later commands see an event of an earlier one. Pure but for the state given. */
  evolve(state: S, event: NewEvent): void;
  /**
   * Writes the state tables from the batch's events, or from the state as those events left it: a few statements,
   * however many events.
   */
  project(tx: Tx, events: readonly RecordedEvent[], state: S): Promise<void> | void;
}
