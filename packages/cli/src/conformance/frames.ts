/** Before each message of gRPC: a byte of flags, four of its length. */
const HEAD = 5;

/** The messages that are whole, and the bytes after them. Neither side compresses. */
export function splitFrames(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= HEAD) {
    const end = at + HEAD + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) break;
    messages.push(bytes.subarray(at + HEAD, end));
    at = end;
  }
  return { messages, rest: bytes.subarray(at) };
}

export function toFrame(message: Buffer): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
