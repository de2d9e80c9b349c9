import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type FieldViolation, type Refusal, refuse } from '../errors.ts';
import type { WireCheck } from './wire-check.ts';

export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(input: BinaryReader | Uint8Array): T;
}

/** A decoded message and what is wrong with it on the wire; wrong values are blanked. */
export interface DecodedRequest<Q> {
  message: Q;
  violations: readonly FieldViolation[];
}

/** Reads text as the contract says: bytes that are not UTF-8 are an error, not U+FFFD. */
class StrictReader extends BinaryReader {
  override string(): string {
    return super.string(true);
  }
}

/**
 * Decodes and checks the bytes of a request; their number comes first, so that a large one costs nothing.
 * Refuses: REQUEST_TOO_LARGE, REQUEST_MALFORMED.
 */
export function receiver<Q extends object>(codec: Codec<Q>, check: WireCheck, maxBytes: number) {
  return (bytes: Uint8Array): DecodedRequest<Q> => {
    if (bytes.length > maxBytes) return refuse(tooLarge(bytes.length, maxBytes));
    const message = decode(codec, bytes);
    return { message, violations: check(message) };
  };
}

function decode<Q>(codec: Codec<Q>, bytes: Uint8Array): Q {
  try {
    return codec.decode(new StrictReader(bytes));
  } catch (cause) {
    return refuse(requestMalformed, { cause });
  }
}

export const requestMalformed: Refusal = {
  kind: 'invalid-argument',
  reason: 'REQUEST_MALFORMED',
  message:
    "the request's bytes are not a message of this method, or it is nested more than 100 levels deep; " +
    'send what a client generated from the contract sends',
};

const tooLarge = (size: number, max: number): Refusal => ({
  kind: 'invalid-argument',
  reason: 'REQUEST_TOO_LARGE',
  message: `the request has ${size} bytes; this method takes at most ${max}. Send less, or in several calls`,
  metadata: { max_bytes: String(max) },
});
