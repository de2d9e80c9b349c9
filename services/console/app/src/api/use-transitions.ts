import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { call, type Reply, type Request } from './call.ts';
import { type Problem, problemOf } from './problem.ts';
import { refresh } from './query-client.ts';

const TRANSIT_MANY = 'casework.v1.CaseworkService/TransitMany';
/** The platform takes 500 at once. */
const AT_ONCE = 100;

export type Transition = NonNullable<Request<typeof TRANSIT_MANY>['transitions']>[number];
export type Outcome = Reply<typeof TRANSIT_MANY>['outcomes'][number];

export interface Transitions {
  run(transitions: readonly Transition[]): void;
  running: boolean;
  /** One for each transition, in their order. */
  outcomes: readonly Outcome[] | undefined;
  error: Problem | undefined;
}

/** Many changes of dossiers, each by itself. Sent again after a lost reply they have the same request ids. */
export function useTransitions(): Transitions {
  const ids = useRef(new Map<string, string>());
  const { mutate, isPending, data, error } = useMutation({
    async mutationFn(transitions: readonly Transition[]) {
      const outcomes: Outcome[] = [];
      for (let at = 0; at < transitions.length; at += AT_ONCE) {
        const part = transitions.slice(at, at + AT_ONCE).map((one) => identified(one, ids.current));
        outcomes.push(...(await call(TRANSIT_MANY, { transitions: part })).outcomes);
      }
      return outcomes;
    },
    onSettled: () => refresh('casework'),
  });
  return {
    run: mutate,
    running: isPending,
    outcomes: data,
    error: error === null ? undefined : problemOf(error),
  };
}

/** A transition has one name: {"claim": {…}}. */
function identified(transition: Transition, ids: Map<string, string>): Transition {
  const body = JSON.stringify(transition);
  const requestId = ids.get(body) ?? crypto.randomUUID();
  ids.set(body, requestId);
  const named = Object.entries(transition).map(([name, request]) => [name, { ...request, requestId }]);
  return Object.fromEntries(named) as Transition;
}
