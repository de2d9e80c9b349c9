import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const program = `
  const { stopOnSignal } = await import(${JSON.stringify(new URL('stop-on-signal.ts', import.meta.url).href)});
  const { writeSync } = await import('node:fs');
  const lines = setInterval(() => console.log('a line'), 10);
  stopOnSignal(async () => {
    console.log('stopping');
    clearInterval(lines);
    writeSync(3, 'stopped;');
  });
`;

test('a program whose output nobody reads any more stops in order', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const said = text(child.stdio[3] as NodeJS.ReadableStream as never);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.stdout?.destroy();
  const [code] = await once(child, 'exit');
  expect([code, await said]).toEqual([0, 'stopped;']);
}, 30_000);
