import type { Result, Story, Tx } from '@lienthong/kit';
import type { NewEvent } from '../event.ts';

/** What a command does: events for the log, the reply for the caller, and the change to write. */
export interface Decision<R, W, E extends NewEvent = NewEvent> {
  events: readonly E[];
  reply: R;
  /** Everything that `evolve` and `project` need; events may hold less. */
  change: W;
}

/**
 * How a service carries out its commands `C`: state `S`, replies `R`, changes `W`. Concurrent commands share one
 * transaction: the batch is loaded and written as a whole, its commands are decided one after the other in memory.
 */
export interface CommandModel<C, S, R, W> {
  /**
   * Reads, and locks in sorted order (`for update`), what the commands need. Statements issued without awaiting
   * in between travel together.
   */
  load(tx: Tx, commands: readonly C[]): Promise<S>;
  /** Pure. */
  decide(command: C, state: S): Result<Decision<R, W>>;
  /**
   * The dossier, document and agency of a command, for its span, also when it is refused. When absent, the span has those
   * of the events. Pure.
   */
  story?(command: C, state: S): Story;
  /**
   * Returns the state that the batch's next command sees. Pure: the state given stays as it is. Called for each accepted
   * command, so it copies no large map: an `ImmutableMap` shares what stays.
   */
  evolve(state: S, change: W): S;
  /** Writes the changes of a batch, in the order they were decided: a few statements, however many changes. */
  project(tx: Tx, changes: readonly W[]): Promise<void> | void;
}
