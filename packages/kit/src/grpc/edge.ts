import { encodeMessage } from '@lienthong/contracts/encode';
import { type Clock, vietnamDate } from '../clock.ts';
import { type Refusal, refuse } from '../errors.ts';
import type { Admission } from '../limits/admission.ts';
import type { Logger } from '../log.ts';
import type { PageTokens } from '../page-tokens.ts';
import type { Call, Context } from './context.ts';
import { AFTER, afterOwnWrites, type CatchUp, parsePositions, WRITTEN } from './read-your-writes.ts';
import { NO_READS, type ReadLog, type ReadRecorder } from './reads.ts';
import { type Codec, type DecodedRequest, type RequestSize, receiver } from './receive.ts';
import type { WireCheck } from './wire-check.ts';

/** What a default client reads: grpc's own bound on a message. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** What stands between the bytes of a call and the handler of one method. */
export interface Edge {
  receiver<Q extends object>(method: { requestType: Codec<Q> }): (bytes: Uint8Array) => DecodedRequest<Q>;
  encoder<P>(method: { responseType: Codec<P> }): (reply: P) => Uint8Array;
  contextOf(call: Call): Context;
  /** `carryOut`, and again when its refusal came before the service knew what the caller has written. */
  afterOwnWrites<R>(call: Call, carryOut: () => Promise<R>): Promise<R>;
  admission: Admission;
  pageTokens: PageTokens;
  /** Absent for a method that reads nothing which is recorded. */
  recorder: ReadRecorder | undefined;
}

export interface EdgeOptions {
  clock: Clock;
  log: Logger;
  admission: Admission;
  pageTokens: PageTokens;
  /** Absent for a service that applies no events of others. */
  catchUp?: CatchUp;
  /** Absent for a service without methods that declare `reads`. */
  readLog?: ReadLog;
}

export function createEdge(
  { clock, log, admission, pageTokens, catchUp }: EdgeOptions,
  method: { check: WireCheck; size: RequestSize; recorder: ReadRecorder | undefined },
): Edge {
  return {
    admission,
    pageTokens,
    recorder: method.recorder,
    receiver: ({ requestType }) => receiver(requestType, method.check, method.size),
    encoder:
      ({ responseType }) =>
      (reply) =>
        requireReadable(encodeMessage(responseType, reply)),
    contextOf({ caller, expiresAt, address, signal, header }) {
      const now = clock.now();
      const written = (name: string, position: number) => header.set(WRITTEN, `${name}=${position}`);
      const reads = method.recorder === undefined ? NO_READS : [];
      return {
        caller,
        expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
        address,
        now,
        today: vietnamDate(now),
        signal,
        log,
        reads,
        written,
      };
    },
    afterOwnWrites({ metadata, signal }, carryOut) {
      const after = metadata.get(AFTER);
      return after === undefined
        ? carryOut()
        : afterOwnWrites(parsePositions(after), catchUp, signal, carryOut);
    },
  };
}

/** An encoded reply, when a default client reads it. Refuses: REPLY_TOO_LARGE. */
export const requireReadable = (bytes: Uint8Array): Uint8Array =>
  bytes.length <= MAX_MESSAGE_BYTES ? bytes : refuse(replyTooLarge(bytes.length));

const replyTooLarge = (size: number): Refusal => ({
  kind: 'out-of-range',
  reason: 'REPLY_TOO_LARGE',
  message: `the reply would have ${size} bytes, more than the 4 MiB that clients read; ask for less`,
  metadata: { max_bytes: String(MAX_MESSAGE_BYTES) },
});
