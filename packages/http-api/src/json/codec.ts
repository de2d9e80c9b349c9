import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageShape,
  type Registry,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { invalid, type Refusal, RefusalError } from '@lienthong/kit';
import { findFaults } from './faults.ts';

/**
 * What the library would take although it loses something: numbers of so many digits that JSON does not hold them, and
 * halves of characters. A text that looks so only costs the closer look.
 */
const SUSPICIOUS = /\d{16}|\d[eE]|\\u[dD][89a-fA-F]/;

/** JSON of requests and replies, in the form that protobuf has for it (ProtoJSON). */
export interface Codec {
  /**
   * Reads one request.
   * @param at the place of the text, for violations
   * @param change may set a field before the request is read
   * @throws RefusalError REQUEST_MALFORMED with each wrong field
   */
  read(type: DescMessage, text: string, more?: ReadOptions): MessageShape<DescMessage>;
  /** Takes a parsed value instead of a text. */
  readValue(
    type: DescMessage,
    value: unknown,
    more?: ReadOptions & { suspicious?: boolean },
  ): MessageShape<DescMessage>;
  /** The JSON of a message in binary form. Fields are there also when they are empty. */
  write(type: DescMessage, bytes: Uint8Array): string;
}

export interface ReadOptions {
  at?: string;
  change?: (value: unknown) => void;
}

export function createCodec(registry: Registry): Codec {
  const writing = { registry, alwaysEmitImplicit: true };

  function readValue(
    type: DescMessage,
    value: unknown,
    { at = '', change, suspicious = true }: ReadOptions & { suspicious?: boolean } = {},
  ) {
    change?.(value);
    if (suspicious) {
      const faults = findFaults(registry, type, value, at);
      if (faults.length > 0) throw malformed(faults);
    }
    try {
      return fromJson(type, value as JsonValue, { registry });
    } catch (cause) {
      const faults = findFaults(registry, type, value, at);
      // Each value fits by itself: the whole is nested too deeply.
      throw malformed(
        faults.length > 0
          ? faults
          : [{ field: at, description: 'is nested too deeply', reason: 'FIELD_MALFORMED' }],
        cause,
      );
    }
  }

  return {
    readValue,
    read(type, text, more = {}) {
      const value = parse(text, more.at ?? '');
      return readValue(type, value, { ...more, suspicious: SUSPICIOUS.test(text) });
    },
    write: (type, bytes) => JSON.stringify(toJson(type, fromBinary(type, bytes), writing)),
  };
}

export const encode = (type: DescMessage, message: MessageShape<DescMessage>): Uint8Array =>
  toBinary(type, message);

function parse(text: string, at: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (cause) {
    const [, position] = /at position (\d+)/.exec((cause as Error).message) ?? [];
    const description =
      position === undefined ? 'is not JSON; it breaks off' : `is not JSON from character ${position} on`;
    throw malformed([{ field: at, description, reason: 'JSON_MALFORMED' }], cause);
  }
}

function malformed(violations: Parameters<typeof invalid>[0], cause?: unknown): RefusalError {
  const refusal: Refusal = invalid(violations, 'REQUEST_MALFORMED');
  return new RefusalError(refusal, { cause });
}
