import type { Sealer } from './sealing.ts';

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** The place that a sealed reply is bound to. */
export const sealedReplyPlace = (method: string): string => `reply/${method}`;

/** A codec that seals a reply with a secret before it is kept for its request_id. */
export const sealedReply = <T>(sealer: Sealer, codec: Codec<T>, method: string): Codec<T> => ({
  encode: (reply) => ({
    finish: () =>
      Buffer.from(
        sealer.seal(Buffer.from(codec.encode(reply).finish()).toString('base64'), sealedReplyPlace(method)),
      ),
  }),
  decode: (bytes) =>
    codec.decode(Buffer.from(sealer.open(Buffer.from(bytes).toString(), sealedReplyPlace(method)), 'base64')),
});
