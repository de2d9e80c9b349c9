import { readFileSync } from 'node:fs';

// Linux counts processor time in ticks of 10 ms.
const TICK_MS = 10;

/** How much processor time this process and another one took while `run` ran, in milliseconds. Linux only. */
export async function processorTime(
  serverPid: number,
  run: () => Promise<void>,
): Promise<{ wallMs: number; clientMs: number; serverMs: number }> {
  const client = process.cpuUsage();
  const server = ticksOf(serverPid);
  const start = performance.now();
  await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(client);
  return { wallMs, clientMs: (user + system) / 1_000, serverMs: (ticksOf(serverPid) - server) * TICK_MS };
}

/** utime and stime of proc(5); the command before them is in parentheses and may hold blanks. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
