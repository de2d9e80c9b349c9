import { open } from 'node:fs/promises';
import { EVIDENCE_FORMAT, EXPORT_FORMAT } from '@lienthong/evidence';
import { CannotCheck } from './cannot-check.ts';

export type FileKind = 'evidence' | 'export' | 'proof' | 'entry' | 'checkpoint';

/** Enough for the first line's beginning: each format names itself there. */
const HEAD_BYTES = 256;
/** The longest line of an export, and the longest file of the other kinds that is read as a whole. */
const MAX_LINE_BYTES = 64 * 2 ** 20;
const MAX_FILE_BYTES = 256 * 2 ** 20;

export async function kindOf(file: string): Promise<FileKind> {
  const handle = await opened(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.toString('utf8', 0, bytesRead).trimStart();
    if (head.startsWith('c2sp.org/tlog-proof@')) return 'proof';
    if (!head.startsWith('{')) return 'checkpoint';
    const [, format] = /^\{\s*"format":\s*"([^"]*)"/.exec(head) ?? [];
    if (format === EXPORT_FORMAT) return 'export';
    return format === EVIDENCE_FORMAT ? 'evidence' : 'entry';
  } finally {
    await handle.close();
  }
}

export async function readText(file: string): Promise<string> {
  const handle = await opened(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES) throw new CannotCheck(`${file} quá lớn`, `${file} is too large`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** The lines of a file, one at a time. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await opened(file);
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of handle.createReadStream() as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MAX_LINE_BYTES)
      throw new CannotCheck(`một dòng của ${file} quá dài`, `a line of ${file} is too long`);
  }
  if (length > 0) yield Buffer.concat(parts).toString('utf8');
}

const opened = (file: string) =>
  open(file).catch((error) => {
    throw new CannotCheck(
      `không đọc được ${file} (${error.code})`,
      `cannot read ${file} (${error.code})`,
      error,
    );
  });
