import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type FieldViolation, type Refusal, RefusalError, refuse } from '../errors.ts';
import type { WireCheck } from './wire-check.ts';

export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(input: BinaryReader | Uint8Array): T;
}

/** The largest request, or message of a request stream. */
export interface RequestSize {
  maxBytes: number;
  /** Empty items of lists and maps have few bytes, but each becomes an object. */
  maxValues: number;
}

/** A decoded message and what is wrong with it on the wire; wrong values are blanked. */
export interface DecodedRequest<Q> {
  message: Q;
  violations: readonly FieldViolation[];
}

/** The library's own; an own property of each reader. */
const { uint32: readVarint } = new BinaryReader(new Uint8Array());

function countedVarint(this: StrictReader): number {
  this.varintsLeft -= 1;
  if (this.varintsLeft < 0) refuse(tooMany(this.maxValues));
  return readVarint.call(this);
}

/** Reads text as the contract says: bytes that are not UTF-8 are an error, not U+FFFD. Refuses: REQUEST_TOO_LARGE. */
class StrictReader extends BinaryReader {
  readonly maxValues: number;
  varintsLeft: number;
  override uint32 = countedVarint;
  constructor(bytes: Uint8Array, maxValues: number) {
    super(bytes);
    this.maxValues = maxValues;
    // The tag of each value is read, and the length of most.
    this.varintsLeft = 2 * maxValues;
  }
  override string(): string {
    return super.string(true);
  }
}

/**
 * Decodes and checks the bytes of a request; their number comes first, so that a large one costs nothing.
 * Refuses: REQUEST_TOO_LARGE, REQUEST_MALFORMED.
 */
export function receiver<Q extends object>(
  codec: Codec<Q>,
  check: WireCheck,
  { maxBytes, maxValues }: RequestSize,
) {
  return (bytes: Uint8Array): DecodedRequest<Q> => {
    if (bytes.length > maxBytes) return refuse(tooLarge(bytes.length, maxBytes));
    const message = decode(codec, bytes, maxValues);
    return { message, violations: check(message) };
  };
}

function decode<Q>(codec: Codec<Q>, bytes: Uint8Array, maxValues: number): Q {
  try {
    return codec.decode(new StrictReader(bytes, maxValues));
  } catch (cause) {
    if (cause instanceof RefusalError) throw cause;
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

export const tooLarge = (size: number, max: number): Refusal => ({
  kind: 'invalid-argument',
  reason: 'REQUEST_TOO_LARGE',
  message: `the request has ${size} bytes; this method takes at most ${max}. Send less, or in several calls`,
  metadata: { max_bytes: String(max) },
});

const tooMany = (max: number): Refusal => ({
  kind: 'invalid-argument',
  reason: 'REQUEST_TOO_LARGE',
  message:
    `the request has more than ${max} values, those of items in lists included; ` +
    'send less, or in several calls',
  metadata: { max_values: String(max) },
});
