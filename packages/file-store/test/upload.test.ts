import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { contentHeader, uploadSlots } from '../src/index.ts';
import { beforeDeadline, readHeader, type UploadMessage } from '../src/upload/receive.ts';
import { receiveUpload, type UploadDeps } from '../src/upload/upload.ts';

const header = z.object(contentHeader({ maxBytes: 1_000, sizeReason: 'SIZE_INVALID' }));
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const TOO_SLOW = { refusal: { reason: 'UPLOAD_TOO_SLOW' } };

/** Sends the first messages, then falls silent for ever. */
async function* silentAfter(...first: UploadMessage<unknown>[]): AsyncGenerator<UploadMessage<unknown>> {
  yield* first;
  await new Promise(() => {});
}
const chunk = { content: { $case: 'chunk' as const, value: new Uint8Array(1) } };
const wrongHeader = { content: { $case: 'header' as const, value: { sha256: '', sizeBytes: 0n } } };

test('10,000 uploads that are refused leave no timer', async () => {
  const before = timers();
  // The refusal comes before anything of the store is used.
  const deps = { timeoutMs: 1_800_000, slots: uploadSlots({ perProcess: 1, perPrincipal: 1 }) } as UploadDeps;
  for (let n = 0; n < 10_000; n += 1)
    await receiveUpload(deps, silentAfter(wrongHeader), { header, principal: 'p' }).catch(({ refusal }) =>
      expect(refusal.reason).toBe('DIGEST_INVALID'),
    );
  await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before + 5));
});

test('a sender that is silent between two messages is refused, long before the end of its time', async () => {
  const messages = beforeDeadline(silentAfter(chunk, chunk), 1_800_000, { silentMs: 50 });
  const received: unknown[] = [];
  const reading = async () => {
    for await (const message of messages) received.push(message);
  };
  await expect(reading()).rejects.toMatchObject(TOO_SLOW);
  expect(received).toHaveLength(2);
});

test('a sender is not silent while the platform writes what it sent', async () => {
  async function* sends() {
    yield* [chunk, chunk, chunk];
  }
  let received = 0;
  for await (const _ of beforeDeadline(sends(), 1_800_000, { silentMs: 50 })) {
    await setTimeout(120);
    received += 1;
  }
  expect(received).toBe(3);
});

test('a sender without a header is refused', async () => {
  const messages = beforeDeadline(silentAfter(), 1_800_000, { headerMs: 50 });
  await expect(readHeader(messages, header)).rejects.toMatchObject(TOO_SLOW);
});

test('one principal takes only its part of the slots, and gives it back', () => {
  const slots = uploadSlots({ perProcess: 4, perPrincipal: 2 });
  const release = slots.take('a');
  slots.take('a');
  expect(() => slots.take('a')).toThrow('too many of your uploads');
  slots.take('b');
  release();
  slots.take('a');
  slots.take('c');
  expect(() => slots.take('d')).toThrow('too many of your uploads');
});
