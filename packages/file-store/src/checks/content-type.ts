import { invalid, refuse } from '@lienthong/kit';
import { fileTypeFromBuffer } from 'file-type';

/** Enough of the beginning to tell the types apart, also those packed as ZIP and pictures with much text before them. */
const BEGINNING_BYTES = 1024 * 1024;

/** What people hand in: documents and pictures. Programs, archives and texts that a browser would run are not among them. */
export const DOCUMENT_TYPES: ReadonlySet<string> = new Set([
  'application/pdf',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
  'image/heic',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
]);

/**
 * Passes content on once its beginning shows an allowed type; names and what the sender claims do not count.
 * Refuses: FILE_TYPE_REFUSED.
 * @param onType gets the type
 */
export async function* onlyTypes(
  content: AsyncIterable<Uint8Array>,
  allowed: ReadonlySet<string>,
  onType: (type: string) => void,
): AsyncGenerator<Uint8Array> {
  let beginning: Uint8Array[] | undefined = [];
  let size = 0;
  const decide = async (parts: readonly Uint8Array[]) => {
    const type = (await typeOf(Buffer.concat(parts).subarray(0, BEGINNING_BYTES))) ?? 'of an unknown type';
    if (!allowed.has(type)) refuse(refusedType(type, allowed));
    onType(type);
  };
  for await (const chunk of content) {
    if (beginning === undefined) {
      yield chunk;
      continue;
    }
    beginning.push(chunk);
    size += chunk.length;
    if (size < BEGINNING_BYTES) continue;
    const parts: Uint8Array[] = beginning;
    beginning = undefined;
    await decide(parts);
    yield* parts;
  }
  if (beginning === undefined) return;
  await decide(beginning);
  yield* beginning;
}

/** The type that the bytes show; undefined for none, also when the bytes only begin like one. */
async function typeOf(bytes: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(bytes))?.mime;
  } catch (error) {
    // The library reads on as the format says, and throws where the bytes end or contradict it.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

const refusedType = (type: string, allowed: ReadonlySet<string>) =>
  invalid([
    {
      field: 'chunk',
      reason: 'FILE_TYPE_REFUSED',
      description: `is ${type} by its content; send ${[...allowed].join(', ')}`,
    },
  ]);
