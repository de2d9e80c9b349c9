import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { refuse } from '@lienthong/kit';
import { chunksOf } from '../http/body.ts';
import type { Sending } from '../platform.ts';
import { HttpRefusal } from '../problem.ts';
import type { Route } from '../routes.ts';

/** The platform takes a chunk of at most 1 MiB. */
const MAX_CHUNK_BYTES = 512 * 1024;

export interface UploadOptions {
  route: Route;
  /** The call of the platform that stays open from the first byte to the last. */
  sending: Sending;
  lengthBytes: number;
  /** Who began; nobody else goes on. */
  owner: string;
  /** The message that carries a chunk. */
  encodeChunk(chunk: Uint8Array): Uint8Array;
}

/** A file on its way to the platform. The gateway keeps none of its bytes. */
export interface Upload {
  readonly route: Route;
  readonly lengthBytes: number;
  offset(): number;
  /** The platform's reply in binary form; undefined while bytes are missing. Throws the platform's refusal. */
  reply(): Promise<Uint8Array | undefined>;
  isOf(owner: string): boolean;
  /** Takes bytes until the request ends, breaks off or has all. */
  take(request: IncomingMessage, offset: number): Promise<void>;
  /** Ends the request that brings bytes now; resolves when the offset stands. */
  interrupt(): Promise<void>;
  cancel(): void;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function createUpload({
  route,
  sending,
  lengthBytes,
  owner: given,
  encodeChunk,
}: UploadOptions): Upload {
  const owner = digest(given);
  let offset = 0;
  let reply: Promise<Uint8Array> | undefined;
  let running: { request: IncomingMessage; done: Promise<void> } | undefined;

  function endWhenComplete(): void {
    if (offset < lengthBytes || reply) return;
    reply = sending.end();
    reply.catch(() => {});
  }

  async function copy(request: IncomingMessage): Promise<void> {
    for await (const bytes of chunksOf(request)) {
      if (bytes.length > lengthBytes - offset) throw tooLong(lengthBytes);
      for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
        const chunk = bytes.subarray(at, at + MAX_CHUNK_BYTES);
        await sending.write(encodeChunk(chunk));
        offset += chunk.length;
      }
    }
  }

  const upload: Upload = {
    route,
    lengthBytes,
    offset: () => offset,
    reply: async () => reply,
    isOf: (other) => timingSafeEqual(digest(other), owner),
    async take(request, from) {
      await upload.interrupt();
      if (from !== offset)
        throw new HttpRefusal(409, {
          kind: 'aborted',
          reason: 'UPLOAD_OFFSET_DIFFERS',
          message: `${offset} bytes have arrived; go on from there`,
          metadata: { offset: String(offset) },
        });
      const { promise: done, resolve } = Promise.withResolvers<void>();
      running = { request, done };
      try {
        await copy(request);
        endWhenComplete();
      } finally {
        running = undefined;
        resolve();
      }
    },
    async interrupt() {
      if (running === undefined) return;
      const { request, done } = running;
      // A connection that has gone may look alive for a long time; the caller is here now.
      request.destroy();
      await done;
    },
    cancel: () => sending.cancel(),
  };
  endWhenComplete();
  return upload;
}

const tooLong = (lengthBytes: number) =>
  new HttpRefusal(413, {
    kind: 'invalid-argument',
    reason: 'UPLOAD_TOO_LONG',
    message: `the upload has more bytes than Upload-Length, ${lengthBytes}; begin again`,
  });

export const uploadUnknown = (): never =>
  refuse({
    kind: 'not-found',
    reason: 'UPLOAD_UNKNOWN',
    message: 'there is no such upload of this caller; it may have ended: begin again',
  });
