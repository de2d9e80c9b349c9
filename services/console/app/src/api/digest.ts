import { sha256 } from '@noble/hashes/sha2';

/** Parts of a file that are in memory at once. */
const PART_BYTES = 4 * 1024 * 1024;

/** SHA-256 in hexadecimal, read in parts: the browser's own digest needs the whole file in memory. */
export async function digestOf(file: Blob, signal: AbortSignal): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PART_BYTES) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + PART_BYTES).arrayBuffer()));
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
