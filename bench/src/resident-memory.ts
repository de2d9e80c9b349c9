import { readFileSync } from 'node:fs';

/** Resident memory of a process, in MiB. Linux only. */
export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`the system does not show the memory of process ${pid}`);
  return Math.round(Number(kibibytes) / 1024);
}
