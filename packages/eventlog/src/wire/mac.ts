import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { EventKeys } from '../settings.ts';

/**
 * Vouches for the messages of one source by a keyed code (HMAC-SHA-256): a program that can publish to the stream but has no
 * key cannot make an event that a reader applies.
 */
export interface EventMac {
  /** The code of a message: `<key id>.<43 characters>`. */
  sign(attributes: string, payload: Uint8Array): string;
  /** True when a code was made from just this, with a key that is known here. */
  verify(code: string, attributes: string, payload: Uint8Array): boolean;
}

const CODE = /^([a-z0-9-]{1,16})\.([A-Za-z0-9_-]{43})$/;

/** Each source has keys of its own, derived from those of the setting. */
export function eventMac({ first, all }: EventKeys, source: string): EventMac {
  const keys = new Map([...all].map(([id, key]) => [id, keyOf(key, source)]));
  const signing = keys.get(first.id) as KeyObject;
  return {
    sign: (attributes, payload) =>
      `${first.id}.${digest(signing, attributes, payload).toString('base64url')}`,
    verify(code, attributes, payload) {
      const [, id = '', given = ''] = CODE.exec(code) ?? [];
      const key = keys.get(id);
      return (
        key !== undefined &&
        timingSafeEqual(Buffer.from(given, 'base64url'), digest(key, attributes, payload))
      );
    },
  };
}

const keyOf = (key: KeyObject, source: string): KeyObject =>
  createSecretKey(createHmac('sha256', key).update(`lienthong events of ${source}`).digest());

const digest = (key: KeyObject, attributes: string, payload: Uint8Array): Buffer =>
  createHmac('sha256', key).update(attributes).update(payload).digest();
