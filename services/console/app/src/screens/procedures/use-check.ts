import type { registry } from '@lienthong/contracts/json';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';

const PAUSE_MS = 600;

export interface Check {
  /** What was checked; what is typed may be further on. */
  text: string;
  definition: registry.Definition | undefined;
  problems: readonly registry.Problem[];
}

/** What the platform says of a text, a moment after it was typed. Nothing of it is kept, here or there. */
export function useCheck(text: string) {
  const [check, setCheck] = useState<Check>();
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt checks the same text.
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      call('registry.v1.ProcedureRegistryService/CheckDefinitionText', { yaml: text }, stop.signal).then(
        ({ definition, problems }) => {
          setError(null);
          setCheck({ text, definition, problems });
        },
        (problem: unknown) => {
          if (!stop.signal.aborted) setError(problem);
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, attempt]);
  return { check, error, isCurrent: check?.text === text, again: () => setAttempt(attempt + 1) };
}

export const isError = ({ severity }: registry.Problem): boolean => severity === 'SEVERITY_ERROR';
