import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Settings of keys are written `id:base64,id:base64`, 32 bytes each. The first key is in use, all are known. They are
// kept as key objects: with plain bytes every call of node:crypto makes one, and takes five times as long.
const KEY_BYTES = 32;
const KEY_ID = /^[a-z0-9-]{1,16}$/;

export type ParsedKeys =
  | { ok: true; first: { id: string; key: KeyObject }; all: ReadonlyMap<string, KeyObject> }
  | { ok: false; problem: string };

/** Reads the text of a setting of keys. The problem names a key by its place or id, never its bytes. */
export function parseKeys(text: string): ParsedKeys {
  const all = new Map<string, KeyObject>();
  for (const [i, part] of text.split(',').entries()) {
    const [id = '', encoded = '', ...rest] = part.trim().split(':');
    if (!KEY_ID.test(id) || rest.length > 0)
      return wrong(`key ${i + 1} must be written id:base64, the id 1 to 16 of a–z, 0–9 and "-"`);
    if (all.has(id)) return wrong(`the key id "${id}" is given twice`);
    const bytes = Buffer.from(encoded, 'base64');
    // Buffer.from skips characters that are not base64, so the decoded bytes must encode to the same text.
    if (
      bytes.length !== KEY_BYTES ||
      bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')
    )
      return wrong(`the key "${id}" must be the base64 of 32 bytes (openssl rand -base64 32)`);
    all.set(id, createSecretKey(bytes));
  }
  const [id, key] = all.entries().next().value as [string, KeyObject];
  return { ok: true, first: { id, key }, all };
}

const wrong = (problem: string): ParsedKeys => ({ ok: false, problem });

/** The value of a setting of keys for development: one key, made once and kept in a file of the folder. */
export const developmentKeys = (
  folder: string,
  name: 'sealing-key' | 'event-key' | 'session-key',
): Promise<string> => keptSecret(folder, name, () => `dev:${randomBytes(KEY_BYTES).toString('base64')}`);

/** A secret that is made once and kept in a file of the folder, which its owner alone can read. */
export async function keptSecret(folder: string, name: string, make: () => string): Promise<string> {
  const file = join(folder, name);
  const read = async (): Promise<string | undefined> =>
    readFile(file, 'utf8').then(
      (text) => text.trim(),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
  const kept = await read();
  if (kept !== undefined) return kept;
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${make()}\n`, { mode: 0o600, flush: true });
  try {
    // A link never replaces a file, so two processes that start at once both use the secret of the first.
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await read()) as string;
}
