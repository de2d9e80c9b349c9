import type { AgencyClient } from '@lienthong/client';
import type { Command } from 'commander';
import type { ConnectionOptions } from './connection.ts';
import { Exit, usage } from './failure.ts';
import { createOutput, type Format, type Output } from './output/output.ts';

export type GlobalOptions = ConnectionOptions & { output: Format };

/** What the action of a command works with. */
export interface Work<Options> {
  client: AgencyClient;
  out: Output;
  options: Options;
  /** The positional arguments. */
  args: readonly string[];
}

export type Action<Options> = (work: Work<Options>) => Promise<Exit> | Promise<void>;
/** Takes the exit status of the command that ran. */
export type OnExit = (exit: Exit) => void;

/**
 * An action of commander that calls the platform. It is loaded when it runs, so that help and completion are quick; the
 * connection ends with it.
 */
export const calling =
  <Options extends object>(load: () => Promise<Action<Options>>, onExit: OnExit) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    const [action, { connect }] = await Promise.all([load(), import('./connection.ts')]);
    const client = await connect(options);
    try {
      const ended = await action({ client, out: createOutput(options.output), options, args: command.args });
      onExit(typeof ended === 'number' ? ended : Exit.DONE);
    } finally {
      client.close();
    }
  };

/** Parses the option of a count. @throws Failure */
export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw usage(`${text} must be a whole number from 1 on`);
  return count;
}

/** The first items of a list. */
export async function take<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= count) break;
  }
  return taken;
}
