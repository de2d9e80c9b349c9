import { createHash } from 'node:crypto';

/** Names the requests of this gateway (UUIDv5, RFC 9562). */
const NAMESPACE = Buffer.from('6c1f4b0e3d1f4b6c9a52c3a1de1c7f49', 'hex');

/** The same names give the same UUID, so that work which is repeated after a kill repeats its requests. */
export function requestIdOf(...names: readonly string[]): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(JSON.stringify(names)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
