import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('lines are JSON with the ids of the active trace, without quoted rows, and none is lost when killed', async () => {
  const script = fileURLToPath(new URL('support/log-lines.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [output] = await Promise.all([Array.fromAsync(child.stderr), once(child, 'close')]);
  const text = Buffer.concat(output).toString();
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg }) => msg)).toEqual(['outside', 'inside', 'refused', 'wrapped', 'last words']);
  const [outside, inside, refused] = lines;
  expect(inside).toMatchObject({
    name: 'kit-test',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
  });
  expect(outside).not.toHaveProperty('trace_id');
  expect(refused.err).toMatchObject({ message: 'duplicate key', code: '23505' });
  expect(text).not.toContain('Nguyễn');
});
