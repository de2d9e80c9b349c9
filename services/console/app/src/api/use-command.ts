import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useReasons } from '../text/reason.ts';
import { call, type Method, type Reply, type Request } from './call.ts';
import { isOf, type Problem, problemOf } from './problem.ts';
import { refresh, serviceOf } from './query-client.ts';

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

/** A change. Sent again after a lost reply it has the same request id, so it happens once. */
export function useCommand<M extends Method>(method: M, onDone?: (reply: Reply<M>) => void): Command<M> {
  const reasonText = useReasons();
  const last = useRef({ body: '', requestId: '' });
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (request: Request<M>) => {
      const body = JSON.stringify(request);
      if (last.current.body !== body) last.current = { body, requestId: crypto.randomUUID() };
      return call(method, { ...request, requestId: last.current.requestId });
    },
    onSuccess(reply) {
      last.current = { body: '', requestId: '' };
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
