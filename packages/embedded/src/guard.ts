import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { childEnvironment } from './config.ts';

/** Waits for the end of its input, then stops the process. SIGCONT lets a paused process receive the signal. */
const SCRIPT = 'read -r _; kill -s "$1" "$2" && kill -s CONT "$2"';

/**
 * Stops the server when this process ends, also by SIGKILL: a shell holds the other end of a pipe that the system
 * closes with this process. The shell ends with the server.
 */
export function guard(server: ChildProcess, stopSignal: NodeJS.Signals): void {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', stopSignal.replace('SIG', ''), String(server.pid)], {
    env: childEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  server.once('exit', () => shell.kill());
  shell.unref();
  (shell.stdin as Socket).unref();
}
