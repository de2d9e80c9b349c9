/** CPU profiles as V8 writes them: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */

export interface CpuProfile {
  nodes: readonly { id: number; callFrame: { functionName: string; url: string } }[];
  /** The node of each sample, and the microseconds since the one before. */
  samples: readonly number[];
  timeDeltas: readonly number[];
}

export interface Share {
  part: string;
  milliseconds: number;
}

/** Not work: the thread waits. */
const IDLE = '(idle)';

/** The parts in which a profile's time was spent themselves, the largest first: packages of ours and of others, and Node. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Share[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<string, number>();
  samples.forEach((id, n) => {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === IDLE) return;
    const part = partOf(frame);
    spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[n] ?? 0) / 1_000);
  });
  return [...spent]
    .map(([part, milliseconds]) => ({ part, milliseconds }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

function partOf({ functionName, url }: { functionName: string; url: string }): string {
  // Of V8 itself, such as the collection of garbage, or native code.
  if (url === '') return functionName.startsWith('(') ? functionName : 'native code';
  const library = /.*\/node_modules\/(.+)$/.exec(url)?.[1];
  if (library !== undefined)
    return library
      .split('/')
      .slice(0, library.startsWith('@') ? 2 : 1)
      .join('/');
  const own = /\/(packages|services|examples)\/([^/]+)\//.exec(url);
  if (own) return `${own[1]}/${own[2]}`;
  return url.startsWith('node:') ? 'node' : 'bench';
}
