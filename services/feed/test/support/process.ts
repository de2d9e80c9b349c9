import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EVENT_KEYS, type TestWorld } from '@lienthong/testkit';
import { onTestFinished } from 'vitest';
import { SEALING } from './world.ts';

const MAIN = fileURLToPath(new URL('feed-main.ts', import.meta.url));

export interface FeedProcess {
  address: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Bytes in use after a garbage collection, in MiB. */
  memory(): Promise<number>;
}

/** The feed alone in a process of its own, which ends with the test. */
export async function startFeed(world: TestWorld, env: Record<string, string> = {}): Promise<FeedProcess> {
  const feed = await spawnFeed(world, env);
  onTestFinished(() => feed.kill());
  return feed;
}

/** The same, without an end: the caller ends it. */
export async function spawnFeed(
  { stack, issuer }: TestWorld,
  env: Record<string, string> = {},
): Promise<FeedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'feed-'));
  const child = spawn(process.execPath, ['--expose-gc', MAIN], {
    env: {
      DATABASE_URL: stack.databaseUrl,
      NATS_URL: stack.natsUrl,
      SUBJECT_ROOT: stack.natsPrefix,
      LISTEN: '127.0.0.1:0',
      TOKEN_ISSUERS: await issuer.publish(folder),
      ...EVENT_KEYS,
      ...SEALING,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { address: await addressOf(child), kill, memory: () => memoryOf(child) };
  } catch (error) {
    await kill();
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the process has no stderr');
  const lines: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    lines.push(line);
    if (!line.includes('"msg":"serving"')) continue;
    // Read on, or the process would wait for its reader.
    child.stderr.resume();
    return String(JSON.parse(line).address);
  }
  throw new Error(`the feed did not start:\n${lines.join('\n')}`);
}

async function memoryOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send('memory');
  const [bytes] = (await answer) as [number];
  return bytes / 1024 / 1024;
}
