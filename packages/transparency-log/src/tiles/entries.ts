/** The most bytes of an entry: its length has two bytes. */
export const MAX_ENTRY_BYTES = 65_535;

/** A bundle of entries, each after its length as a big-endian uint16. @throws RangeError when one is too long */
export function encodeEntries(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES)
        throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes; this one has ${entry.length}`);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** @throws RangeError when the bytes end within an entry */
export function decodeEntries(bundle: Uint8Array): Buffer[] {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + 2;
    const end = start > bytes.length ? Number.POSITIVE_INFINITY : start + bytes.readUInt16BE(at);
    if (end > bytes.length) throw new RangeError(`the bundle ends within entry ${entries.length}`);
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}
