import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { exchange, type Method, PATIENCE_MS, type Request } from '../api/call.ts';
import { connected } from '../api/connection.ts';
import { isOf, type Problem, problemOf } from '../api/problem.ts';
import { refresh, serviceOf } from '../api/query-client.ts';
import { useReasons } from '../text/reason.ts';
import { keep, waitsFor } from './commands.ts';
import type { Waiting } from './types.ts';

/** What a command is about, for the person who looks for it later. */
export type About = Pick<Waiting, 'thing' | 'act' | 'about' | 'path'>;

export interface LastingCommand<M extends Method> {
  run(request: Request<M>, about: About): void;
  running: boolean;
  error: Problem | undefined;
  /** What is wrong with a field or a part of it, in words. */
  errorOf(field: string): string | undefined;
}

/**
 * A change whose reply nobody needs. While the platform is away, or an earlier one about the same thing waits, the
 * browser keeps it and sends it later: the person goes on, and sees that it waits.
 */
export function useLastingCommand<M extends Method>(method: M, onDone?: () => void): LastingCommand<M> {
  const reasonText = useReasons();
  /** What was sent last and is not done: sent once more it is the same command. */
  const last = useRef<{ body: string; requestId: string }>(undefined);
  const { mutate, isPending, error } = useMutation({
    async mutationFn({ request, about }: { request: Request<M>; about: About }) {
      const body = JSON.stringify(request);
      if (last.current?.body !== body) last.current = { body, requestId: crypto.randomUUID() };
      const sent = { ...request, requestId: last.current.requestId };
      const command = { ...about, method, request: sent, at: new Date().toISOString() } as Waiting;
      if (!connected.get() || (await waitsFor(about.thing))) return keep(command);
      try {
        await exchange(method, JSON.stringify(sent), { timeoutMs: PATIENCE_MS });
      } catch (problem) {
        if (!problemOf(problem).isAway) throw problem;
        await keep(command);
      }
    },
    onSuccess() {
      last.current = undefined;
      refresh(serviceOf(method));
      onDone?.();
    },
  });
  const problem = error === null ? undefined : problemOf(error);
  return {
    run: (request, about) => mutate({ request, about }),
    running: isPending,
    error: problem,
    errorOf(field) {
      const found = problem?.violations.find((one) => isOf(one.field, field));
      return found && reasonText(found.reason, found.description);
    },
  };
}
