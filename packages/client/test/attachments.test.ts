import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { refuse } from '@lienthong/kit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { LienThongError, Status } from '../src/index.ts';
import { cuttableLine } from './line.ts';
import { connect, type Handlers, platform, startPlatform } from './platform.ts';

const content = randomBytes(3_000_001);
const sha256 = createHash('sha256').update(content).digest('hex');
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attachments-'));
  file = join(folder, 'ke-hoach.pdf');
  await writeFile(file, content);
});
afterAll(() => rm(folder, { recursive: true }));

/** Stores what is uploaded when its digest and size are right; `onBytes` gets the bytes received in an attempt. */
function storage(onBytes: (received: number, attempt: number) => void = () => {}) {
  const uploads: { header: { sha256: string; sizeBytes: bigint }; bytes: Buffer }[] = [];
  let attempts = 0;
  const handlers: Handlers['attachments'] = {
    async uploadAttachment(request) {
      const attempt = ++attempts;
      const chunks: Uint8Array[] = [];
      let header: { sha256: string; sizeBytes: bigint } | undefined;
      let received = 0;
      for await (const { content } of request) {
        if (content?.$case === 'header') header = content.value;
        if (content?.$case !== 'chunk') continue;
        expect(content.value.length).toBeLessThanOrEqual(1024 * 1024);
        chunks.push(content.value);
        received += content.value.length;
        onBytes(received, attempt);
      }
      if (header === undefined) throw new Error('no header');
      uploads.push({ header, bytes: Buffer.concat(chunks) });
      return { ...header, alreadyStored: false };
    },
  };
  return { handlers, uploads, attempts: () => attempts };
}

describe('an upload', () => {
  test.each([
    ['a path', () => file],
    ['bytes', () => content],
    ['a stream', () => Readable.from([content.subarray(0, 10), content.subarray(10)])],
  ])('of %s sends the digest, then every byte', async (_, source) => {
    const { handlers, uploads } = storage();
    const client = await platform({ attachments: handlers });
    const progress: [number, number][] = [];
    const response = await client.uploadAttachment(source(), {
      onProgress: (...sent) => progress.push(sent),
    });
    expect(response).toEqual({ sha256, sizeBytes: BigInt(content.length), alreadyStored: false });
    expect(uploads).toHaveLength(1);
    expect(uploads[0]?.header).toMatchObject({ sha256, sizeBytes: BigInt(content.length) });
    expect(uploads[0]?.bytes.equals(content)).toBe(true);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress.map(([sent]) => sent)).toEqual(progress.map(([sent]) => sent).toSorted((a, b) => a - b));
    expect(progress.at(-1)).toEqual([content.length, content.length]);
  });

  test('of an empty content works', async () => {
    const { handlers, uploads } = storage();
    const client = await platform({ attachments: handlers });
    await client.uploadAttachment(new Uint8Array());
    expect(uploads[0]?.bytes).toHaveLength(0);
    expect(uploads[0]?.header.sha256).toBe(createHash('sha256').digest('hex'));
  });

  test('starts again when the connection breaks in the middle', async () => {
    const { handlers, uploads, attempts } = storage((received, attempt) => {
      if (attempt < 3 && received > 1_000_000) line.cut();
    });
    const line = await cuttableLine((await startPlatform({ attachments: handlers })).address);
    const client = connect(line.address);
    const progress: number[] = [];
    await client.uploadAttachment(Readable.from(content.subarray(0)), {
      onProgress: (sent) => progress.push(sent),
    });
    expect(attempts()).toBe(3);
    expect(uploads).toHaveLength(1);
    expect(uploads[0]?.bytes.equals(content)).toBe(true);
    expect(progress.filter((sent, i) => sent < (progress[i - 1] ?? 0))).toHaveLength(2);
  });

  test('that the platform refuses in the middle fails with the refusal', async () => {
    const { handlers, attempts } = storage(() =>
      refuse({ kind: 'invalid-argument', reason: 'DIGEST_MISMATCH', message: 'other content' }),
    );
    const client = await platform({ attachments: handlers });
    await expect(client.uploadAttachment(file)).rejects.toMatchObject({ reason: 'DIGEST_MISMATCH' });
    expect(attempts()).toBe(1);
  });

  test('ends early when the platform has the content', async () => {
    const client = await platform({
      attachments: {
        async uploadAttachment(request) {
          for await (const { content } of request)
            if (content?.$case === 'header') return { ...content.value, alreadyStored: true };
          throw new Error('no header');
        },
      },
    });
    expect(await client.uploadAttachment(file)).toMatchObject({ sha256, alreadyStored: true });
  });

  test('waits for a slow platform instead of holding the content in memory', async () => {
    const opened = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    let handed = 0;
    const client = await platform({
      attachments: {
        async uploadAttachment(request) {
          await opened.promise;
          for await (const _ of request);
          return {};
        },
      },
    });
    const large = new Uint8Array(64 * 1024 * 1024);
    const onProgress = (sent: number) => {
      handed = sent;
      began.resolve();
    };
    const uploaded = client.uploadAttachment(large, { onProgress });
    // The digest of the whole comes first, which takes as long as it takes.
    await began.promise;
    // Whatever the line takes before the platform reads, it settles far below the whole.
    for (let before = 0; before !== handed; await setTimeout(200)) before = handed;
    expect(handed).toBeLessThan(8 * 1024 * 1024);
    opened.resolve();
    await uploaded;
    expect(handed).toBe(large.length);
  });

  test('of a file that is not there, or a stream that breaks, fails with that error and leaves nothing', async () => {
    const scratch = await mkdtemp(join(folder, 'scratch-'));
    vi.stubEnv('TMPDIR', scratch);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { handlers } = storage(() => {
      during = readdirSync(scratch);
    });
    let during: string[] = [];
    const client = await platform({ attachments: handlers });
    await client.uploadAttachment(Readable.from([content]));
    expect(during).toHaveLength(1);
    await expect(client.uploadAttachment(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
    const broken = async function* () {
      yield content.subarray(0, 10);
      throw new Error('the scanner went away');
    };
    await expect(client.uploadAttachment(broken())).rejects.toThrow('the scanner went away');
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('can be cancelled', async () => {
    const cancel = new AbortController();
    const { handlers, uploads } = storage(() => cancel.abort());
    const client = await platform({ attachments: handlers });
    const uploading = client.uploadAttachment(file, { signal: cancel.signal });
    await expect(uploading).rejects.toMatchObject({ name: 'AbortError' });
    expect(uploads).toEqual([]);
  });
});

describe('a download', () => {
  /** Serves ranges of `stored` in chunks. */
  function shelf(stored: Uint8Array) {
    const requests: [number, number][] = [];
    const handlers: Handlers['attachments'] = {
      async *downloadAttachment({ offset, length }) {
        requests.push([Number(offset), Number(length)]);
        const end = length === 0n ? stored.length : Math.min(stored.length, Number(offset + length));
        yield { totalSizeBytes: BigInt(stored.length) };
        for (let at = Number(offset); at < end; at += 100_000) {
          yield { chunk: stored.subarray(at, Math.min(end, at + 100_000)) };
        }
      },
    };
    return { handlers, requests };
  }
  const bytesOf = async (chunks: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(chunks));

  test('yields the whole content, or a range', async () => {
    const { handlers } = shelf(content);
    const client = await platform({ attachments: handlers });
    expect((await bytesOf(client.downloadAttachment(sha256))).equals(content)).toBe(true);
    const range = await bytesOf(client.downloadAttachment(sha256, { offset: 99_999, length: 250_000 }));
    expect(range.equals(content.subarray(99_999, 349_999))).toBe(true);
    const beyond = await bytesOf(client.downloadAttachment(sha256, { offset: 3_000_000, length: 10 }));
    expect(beyond.equals(content.subarray(3_000_000))).toBe(true);
  });

  test('goes on where the connection broke', async () => {
    const { handlers, requests } = shelf(content);
    const line = await cuttableLine((await startPlatform({ attachments: handlers })).address);
    const client = connect(line.address);
    const read: Uint8Array[] = [];
    for await (const chunk of client.downloadAttachment(sha256)) {
      read.push(chunk);
      if (read.length === 5 || read.length === 12) line.cut();
    }
    expect(Buffer.concat(read).equals(content)).toBe(true);
    expect(requests).toHaveLength(3);
    expect(requests[1]?.[0]).toBeGreaterThanOrEqual(500_000);
    expect(requests[2]?.[0]).toBeGreaterThanOrEqual(1_200_000);
  });

  test('of other content fails at its end', async () => {
    const wrong = Buffer.from(content);
    wrong[17] = (wrong[17] ?? 0) ^ 1;
    const client = await platform({ attachments: shelf(wrong).handlers });
    const error = await bytesOf(client.downloadAttachment(sha256)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(LienThongError);
    expect(error).toMatchObject({ code: Status.DATA_LOSS, reason: 'DIGEST_MISMATCH' });
  });

  test('that ends too early fails', async () => {
    const client = await platform({
      attachments: {
        async *downloadAttachment() {
          yield { totalSizeBytes: 10n, chunk: content.subarray(0, 4) };
        },
      },
    });
    for (const options of [{}, { length: 8 }]) {
      await expect(bytesOf(client.downloadAttachment(sha256, options))).rejects.toMatchObject({
        code: Status.DATA_LOSS,
        reason: 'CONTENT_INCOMPLETE',
      });
    }
  });

  test('of an empty content is checked too', async () => {
    const client = await platform({ attachments: shelf(new Uint8Array()).handlers });
    const empty = createHash('sha256').digest('hex');
    expect(await bytesOf(client.downloadAttachment(empty))).toHaveLength(0);
    await expect(bytesOf(client.downloadAttachment(sha256))).rejects.toThrow('digest');
  });

  test('that the reader leaves is cancelled at the platform', async () => {
    const left = Promise.withResolvers<void>();
    const client = await platform({
      attachments: {
        async *downloadAttachment(_, { signal }) {
          signal.addEventListener('abort', () => left.resolve());
          yield { totalSizeBytes: 1_000_000n, chunk: content.subarray(0, 4) };
          await left.promise;
        },
      },
    });
    for await (const chunk of client.downloadAttachment(sha256)) {
      expect(chunk).toHaveLength(4);
      break;
    }
    await left.promise;
  });

  test('that is refused fails with the refusal', async () => {
    const client = await platform({
      attachments: {
        async *downloadAttachment() {
          yield* [];
          refuse({ kind: 'not-found', reason: 'ATTACHMENT_NOT_FOUND', message: 'no such attachment' });
        },
      },
    });
    const reading = bytesOf(client.downloadAttachment(sha256));
    await expect(reading).rejects.toMatchObject({ code: Status.NOT_FOUND, reason: 'ATTACHMENT_NOT_FOUND' });
  });

  test('survives a restart of the platform', async () => {
    const first = await startPlatform({ attachments: shelf(content).handlers });
    const client = connect(first.address);
    const chunks = client.downloadAttachment(sha256);
    const read = [(await chunks.next()).value as Uint8Array];
    await first.stop(0);
    const { handlers, requests } = shelf(content);
    await startPlatform({ attachments: handlers }, first.address);
    for await (const chunk of chunks) read.push(chunk);
    expect(Buffer.concat(read).equals(content)).toBe(true);
    expect(requests).toHaveLength(1);
  });
});
