/** Many byte strings as one parameter: an array of bytea would travel as escaped hexadecimal text, twice its size. */
export interface PackedBytes {
  bytes: Buffer;
  /** Where each begins, as `substring` counts: from 1. */
  starts: number[];
  sizes: number[];
}

/** In SQL: `substring($bytes::bytea from start for size)`. */
export function packBytes(parts: readonly Uint8Array[]): PackedBytes {
  const starts: number[] = [];
  let next = 1;
  for (const part of parts) {
    starts.push(next);
    next += part.length;
  }
  return { bytes: Buffer.concat(parts), starts, sizes: parts.map((part) => part.length) };
}
