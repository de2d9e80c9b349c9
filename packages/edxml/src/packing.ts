import { extname } from 'node:path/posix';
import { crc32, inflateRawSync } from 'node:zlib';
import { unzipSync, zipSync } from 'fflate';

/** Local header of a ZIP (PKWARE APPNOTE 4.3.7). */
const ZIP_MAGIC = Buffer.from('PK\u0003\u0004');
const DIRECTORY_MAGIC = Buffer.from('PK\u0001\u0002');
const STORED = 0;
/** The earliest time that a ZIP can say, so that the same file gives the same bytes. */
const ZIP_TIME = new Date(1980, 0, 1);

export type Unpacked =
  | { ok: true; content: Buffer; packed: boolean }
  | { ok: false; reason: string; description: string };

const extensionOf = (name: string): string => extname(name).toLowerCase();

/**
 * The file of an attachment. A ZIP with one file in it, of the same kind by its name as the attachment, is only its
 * wrapping; any other ZIP is the file itself, as .docx and .zip are.
 */
export function unpack(bytes: Buffer, name: string, maxBytes: number): Unpacked {
  const plain: Unpacked = { ok: true, content: bytes, packed: false };
  if (!bytes.subarray(0, ZIP_MAGIC.length).equals(ZIP_MAGIC) || extensionOf(name) === '.zip') return plain;
  try {
    const files: { name: string; size: number; originalSize: number; compression: number }[] = [];
    unzipSync(bytes, {
      filter: (file) => {
        if (!file.name.endsWith('/')) files.push(file);
        return false;
      },
    });
    const [file] = files;
    if (!file || files.length > 1 || extensionOf(file.name) !== extensionOf(name)) return plain;
    if (file.originalSize > maxBytes)
      return {
        ok: false,
        reason: 'ATTACHMENT_TOO_LARGE',
        description: `must be at most ${maxBytes} bytes unpacked; its ZIP says ${file.originalSize}`,
      };
    return { ok: true, packed: true, content: extract(bytes, file) };
  } catch (error) {
    return {
      ok: false,
      reason: 'ZIP_BROKEN',
      description: `is a ZIP that cannot be read: ${messageOf(error)}`,
    };
  }
}

/** The content of the only file; fflate compares neither its size nor its checksum with those of the directory. */
function extract(
  bytes: Buffer,
  { size, originalSize, compression }: { size: number; originalSize: number; compression: number },
): Buffer {
  const directory = bytes.lastIndexOf(DIRECTORY_MAGIC);
  const header = bytes.readUInt32LE(directory + 42);
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const packed = bytes.subarray(start, start + size);
  const content =
    compression === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, originalSize) });
  if (content.length !== originalSize || crc32(content) !== bytes.readUInt32LE(directory + 16))
    throw new Error('the file is not the one that its directory has');
  return content;
}

/** A ZIP with the file in it. */
export const pack = (content: Buffer, name: string): Buffer =>
  Buffer.from(zipSync({ [name]: [content, { mtime: ZIP_TIME, level: 6 }] }));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
