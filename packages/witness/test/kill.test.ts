import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { newSigner, testLog } from './log.ts';

const program = join(import.meta.dirname, '../src/main.ts');
const KILLS = 6;

interface Process {
  child: ChildProcess;
  address: string;
}

async function run(folder: string): Promise<Process> {
  const child = spawn(
    process.execPath,
    [program, '--folder', folder, '--name', 'nc', '--listen', '127.0.0.1:0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface(child.stdout as NonNullable<typeof child.stdout>)) {
    const [, address] = / listens on (\S+)$/.exec(line) ?? [];
    if (address) return { child, address };
  }
  throw new Error('the witness ended before it listened');
}

/** The status, and the size in a conflict; undefined: the witness died before it answered. */
const add = (address: string, body: string): Promise<{ status: number; size: number } | undefined> =>
  fetch(`http://${address}/add-checkpoint`, { method: 'POST', body }).then(
    async (response) => ({ status: response.status, size: Number.parseInt(await response.text(), 10) }),
    () => undefined,
  );

test('a witness that is killed at any moment never cosigns two trees', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-witness-'));
  const signer = newSigner();
  const branches = [testLog(signer, 'thật'), testLog(signer, 'giả')];
  await writeFile(join(folder, 'logs'), signer.verifierKey);
  const cosigned = new Set<number>();
  let lost = 0;
  let known = 0;
  try {
    for (let round = 0; round < KILLS; round += 1) {
      const { child, address } = await run(folder);
      const exit = once(child, 'exit');
      // Both branches ask at once for every size, from what the witness has, until it dies in the middle of an answer.
      let requests = 0;
      const killAt = 3 + round * 4;
      for (let dead = false; !dead; ) {
        const size = known + 1;
        const bodies = await Promise.all(branches.map((branch) => branch.body(known, size)));
        if (requests >= killAt) setImmediate(() => child.kill('SIGKILL'));
        const answers = await Promise.all(bodies.map((body) => add(address, body)));
        requests += 1;
        answers.forEach((answer, branch) => {
          if (answer?.status === 200) cosigned.add(branch);
          if (answer?.status === 409) known = answer.size;
          else if (answer?.status === 200) known = Math.max(known, size);
        });
        dead = answers.includes(undefined);
      }
      await exit;
      lost += 1;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(lost).toBe(KILLS);
  expect(known).toBeGreaterThan(0);
  expect(cosigned.size).toBe(1);
});

test('it stops on a signal, and needs a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-witness-'));
  try {
    await writeFile(join(folder, 'logs'), newSigner().verifierKey);
    const { child } = await run(folder);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const bare = spawn(process.execPath, [program], { stdio: 'ignore' });
    expect(await once(bare, 'exit')).toEqual([2, null]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
