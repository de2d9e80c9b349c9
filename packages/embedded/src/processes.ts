import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from './config.ts';

const procfs = existsSync('/proc/self/stat');

/** The fields of /proc/<pid>/stat after the command name, which itself may hold spaces and brackets. */
function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function ps(...args: string[]): string | undefined {
  const result = spawnSync('ps', args, { env: childEnvironment(), encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** A zombie counts as dead: an orphan stays a zombie when the container's first process does not reap its children. */
export function isAlive(pid: number): boolean {
  if (procfs) {
    const state = stat(pid)?.[0];
    return state !== undefined && state !== 'Z' && state !== 'X';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process started, as the system prints it. Distinguishes it from a later process with the same id. */
export function startTime(pid: number): string | undefined {
  return procfs ? stat(pid)?.[19] : ps('-o', 'lstart=', '-p', String(pid));
}

/** Whether the process's command line holds this argument; undefined when the system does not show command lines. */
export function hasArgument(pid: number, argument: string): boolean | undefined {
  if (procfs) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return undefined;
    }
  }
  const command = ps('-o', 'command=', '-p', String(pid));
  return command === undefined ? undefined : `${command} `.includes(` ${argument} `);
}

export function childrenOf(pid: number): number[] {
  if (procfs) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && stat(Number(name))?.[1] === String(pid))
      .map(Number);
  }
  return (ps('-A', '-o', 'pid=,ppid=') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

/** Sends a signal; false when the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until the processes are gone; false when some still live after `milliseconds`. */
export async function waitForExit(pids: number[], milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

/** Sends `politely`, and SIGKILL after the grace period. SIGCONT first: a paused process does not receive the signal. */
export async function terminate(pid: number, politely: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!signal(pid, politely)) return;
  signal(pid, 'SIGCONT');
  for (const child of childrenOf(pid)) signal(child, 'SIGCONT');
  if (await waitForExit([pid], graceMs)) return;
  const family = [pid, ...childrenOf(pid)];
  for (const member of family) signal(member, 'SIGKILL');
  if (!(await waitForExit(family, 10_000))) throw new Error(`process ${pid} survives SIGKILL`);
}
