import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useReasons } from '../text/reason.ts';
import { call, type Method, type Reply, type Request } from './call.ts';
import { isOf, type Problem, problemOf } from './problem.ts';
import { refresh, serviceOf } from './query-client.ts';

/** What was sent last, without a reply so far. */
interface Attempt {
  body: string;
  requestId: string;
}

export interface Command<M extends Method> {
  run(request: Request<M>): void;
  running: boolean;
  error: Problem | undefined;
  /** What is wrong with a field or a part of it, in words. */
  errorOf(field: string): string | undefined;
  /** What is wrong with a field itself. */
  errorAt(field: string): string | undefined;
  forget(): void;
}

/**
 * A change. Sent again after a lost reply it has the same request id, so it happens once.
 * @param storedAs the name under which this window keeps the id, for forms that outlive a reload
 */
export function useCommand<M extends Method>(
  method: M,
  onDone?: (reply: Reply<M>) => void,
  storedAs = '',
): Command<M> {
  const reasonText = useReasons();
  const last = useRef<Attempt>(undefined);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (request: Request<M>) => {
      const body = JSON.stringify(request);
      let attempt = last.current ?? recall(storedAs);
      if (attempt?.body !== body) attempt = { body, requestId: crypto.randomUUID() };
      last.current = attempt;
      if (storedAs !== '') sessionStorage.setItem(storedAs, JSON.stringify(attempt));
      return call(method, { ...request, requestId: attempt.requestId });
    },
    onSuccess(reply) {
      last.current = undefined;
      if (storedAs !== '') sessionStorage.removeItem(storedAs);
      refresh(serviceOf(method));
      onDone?.(reply);
    },
  });
  const problem = error === null ? undefined : problemOf(error);
  function firstOf(matches: (path: string) => boolean): string | undefined {
    const found = problem?.violations.find(({ field }) => matches(field));
    return found && reasonText(found.reason, found.description);
  }
  return {
    run: mutate,
    running: isPending,
    error: problem,
    errorOf: (field) => firstOf((path) => isOf(path, field)),
    errorAt: (field) => firstOf((path) => path === field),
    forget: reset,
  };
}

function recall(storedAs: string): Attempt | undefined {
  const stored = storedAs === '' ? null : sessionStorage.getItem(storedAs);
  return stored === null ? undefined : (JSON.parse(stored) as Attempt);
}
