import { useSignal } from '../api/signal.ts';
import { waiting } from './commands.ts';
import type { Waiting } from './types.ts';

/** What was done with a thing here and has not gone out, oldest first; without what was refused. */
export const useWaiting = (thing: string): readonly Waiting[] =>
  useSignal(waiting).flatMap(({ value }) =>
    value.thing === thing && value.refused === undefined ? [value] : [],
  );
