import { readFile } from 'node:fs/promises';
import { generateSignerKey, readSigner, type Signer } from '@lienthong/transparency-log';
import { createFile } from './durable-file.ts';

/** What signs the log. Its file is kept apart from the database. */
export interface SigningKeys {
  file: string;
  /** The name of the log, which all keys carry. */
  origin: string;
  /** Every key signs every checkpoint, so that readers of the previous and of the next key can verify it. */
  signers: readonly Signer[];
}

/**
 * Reads a file of signer keys, one a line.
 * @throws Error that names the line, and never repeats a key
 */
export async function readSigningKeys(file: string): Promise<SigningKeys> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const signers = lines.map((line, n) => {
    const signer = readSigner(line);
    if (signer.kind !== 'note')
      throw new Error(`key ${n + 1} of ${file} is a witness's key; a log needs its own`);
    return signer;
  });
  const [first] = signers;
  if (first === undefined)
    throw new Error(`${file} has no key; make one with node services/audit/src/commands/create-key.ts`);
  const other = signers.find(({ name }) => name !== first.name);
  if (other) throw new Error(`${file} has keys of two logs, ${first.name} and ${other.name}; keep one`);
  return { file, origin: first.name, signers };
}

/** Makes a file with a new key of the log, readable by its owner only, unless the file is there. */
export async function createSigningKey(file: string, origin: string): Promise<void> {
  await createFile(file, `${generateSignerKey(origin, 'note')}\n`);
}
