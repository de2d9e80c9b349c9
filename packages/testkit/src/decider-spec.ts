import { expect } from 'vitest';

export type Decision<Event, Refusal, Reply = unknown> =
  | { ok: true; events: readonly Event[]; reply?: Reply }
  | { ok: false; refusal: Refusal };

export interface Decider<State, Command, Event, Refusal, Reply = unknown> {
  initial: State;
  evolve(state: State, event: Event): State;
  decide(command: Command, state: State): Decision<Event, Refusal, Reply>;
}

export interface Outcome<Event, Refusal, Reply> {
  /** The command was accepted with exactly these events (and this reply, when given). */
  then(events: readonly Event[], reply?: Reply): void;
  /** The command was refused for exactly this reason. */
  thenRefused(refusal: Refusal): void;
}

export interface Given<Command, Event, Refusal, Reply> {
  when(command: Command): Outcome<Event, Refusal, Reply>;
}

/**
 * Specifies a decider by example: `spec = deciderSpec(decider)`, then
 * `spec.given(events).when(command).then(events)` or `.thenRefused(reason)`.
 */
export function deciderSpec<State, Command, Event, Refusal, Reply>(
  decider: Decider<State, Command, Event, Refusal, Reply>,
) {
  return {
    given: (history: readonly Event[]): Given<Command, Event, Refusal, Reply> => ({
      when(command) {
        const state = history.reduce((before, event) => decider.evolve(before, event), decider.initial);
        const decision = decider.decide(command, state);
        return {
          // biome-ignore lint/suspicious/noThenProperty: given-when-then; with two plain arguments it is no promise
          then(events, ...reply) {
            const accepted = { ok: true, events, ...(reply.length > 0 ? { reply: reply[0] } : {}) };
            expect(reply.length > 0 ? decision : withoutReply(decision)).toEqual(accepted);
          },
          thenRefused(refusal) {
            expect(decision).toEqual({ ok: false, refusal });
          },
        };
      },
    }),
  };
}

function withoutReply<Event, Refusal, Reply>(decision: Decision<Event, Refusal, Reply>) {
  return decision.ok ? { ok: true, events: decision.events } : decision;
}
