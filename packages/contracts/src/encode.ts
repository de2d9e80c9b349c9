import { BinaryWriter } from '@bufbuild/protobuf/wire';

// One for all: `finish` copies what was written and leaves the grown buffer for the next message.
let writer = new BinaryWriter();

interface Encoder<T> {
  encode(message: T, writer?: BinaryWriter): { finish(): Uint8Array };
}

/**
 * The bytes of a message. A writer of its own for each message would grow by doubling each time.
 * @throws when it is not a message of this type
 */
export function encodeMessage<T>(codec: Encoder<T>, message: T): Uint8Array {
  try {
    return codec.encode(message, writer).finish();
  } catch (error) {
    writer = new BinaryWriter();
    throw error;
  }
}
