import { percentile } from '../load.ts';

export interface CommandFigures {
  commandsPerSecond: number;
  /** Milliseconds of one command. */
  p50: number;
  p99: number;
}

/** Long enough that the code is compiled and the connections are open. */
const WARMING_S = 3;

/**
 * Repeats several commands in order, by all callers at the same time for a number of seconds, after a while of warming.
 * @param callers each carries out its commands once, and calls `lap` after each of them
 */
export async function measureCommands(
  callers: readonly ((lap: () => void) => Promise<void>)[],
  seconds: number,
): Promise<CommandFigures> {
  const run = async (length: number) => {
    const samples: number[] = [];
    const begun = performance.now();
    const until = begun + length * 1_000;
    await Promise.all(
      callers.map(async (commands) => {
        let start = performance.now();
        const lap = () => {
          const now = performance.now();
          samples.push(now - start);
          start = now;
        };
        while (performance.now() < until) await commands(lap);
      }),
    );
    return { samples, seconds: (performance.now() - begun) / 1_000 };
  };
  await run(WARMING_S);
  const { samples, seconds: took } = await run(seconds);
  return {
    commandsPerSecond: samples.length / took,
    p50: percentile(samples, 0.5),
    p99: percentile(samples, 0.99),
  };
}
