import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { agency } from '@lienthong/reference-data/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from './support/world.ts';

const MiB = 1024 * 1024;
const SIZE = 200 * MiB;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province);
});
afterAll(() => world.stop());

/** The same bytes again at every call, never two chunks alike. */
function* content(): Generator<Buffer> {
  for (let i = 0; i < SIZE / MiB; i += 1) {
    const chunk = Buffer.alloc(MiB, i);
    chunk.writeUInt32BE((i * 2_654_435_761) % 2 ** 32);
    yield chunk;
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Bytes in use. The size of the process would count garbage too, and on a busy machine that waits for long; so do the
 * bytes of buffers after one collection, which frees them in the background: a second one waits for that.
 */
function bytesInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// Client and server share this process, so its memory bounds both.
test('200 MiB go up and come down with flat memory', { timeout: 180_000 }, async () => {
  const hash = createHash('sha256');
  for (const chunk of content()) hash.update(chunk);
  const sha256 = hash.digest('hex');

  const before = bytesInUse();
  let highest = before;
  const measure = () => {
    highest = Math.max(highest, bytesInUse());
  };

  async function* messages() {
    yield { content: { $case: 'header' as const, value: { sha256, sizeBytes: BigInt(SIZE) } } };
    let sent = 0;
    for (const value of content()) {
      yield { content: { $case: 'chunk' as const, value } };
      sent += 1;
      if (sent % 20 === 0) measure();
    }
  }
  const { attachments } = world.as(province);
  const options = { timeoutMs: 120_000 };
  expect(await attachments.uploadAttachment(messages(), options)).toMatchObject({ alreadyStored: false });

  const back = createHash('sha256');
  let size = 0;
  for await (const { chunk } of attachments.downloadAttachment({ sha256 }, options)) {
    back.update(chunk);
    const mark = Math.floor(size / (20 * MiB));
    size += chunk.length;
    if (Math.floor(size / (20 * MiB)) > mark) measure();
  }
  expect(size).toBe(SIZE);
  expect(back.digest('hex')).toBe(sha256);

  const range = createHash('sha256');
  for await (const { chunk } of attachments.downloadAttachment(
    { sha256, offset: BigInt(150 * MiB), length: BigInt(MiB) },
    options,
  ))
    range.update(chunk);
  const expected = [...content()][150] as Buffer;
  expect(range.digest('hex')).toBe(createHash('sha256').update(expected).digest('hex'));

  // Far below the 200 MiB either side would hold if it buffered.
  expect((highest - before) / MiB).toBeLessThan(60);
});
