import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateSignerKey } from '@lienthong/transparency-log';

/** The secret key of a file. A witness that has none yet gets one under its name, readable for its owner only. */
export async function readKey(file: string, name: string | undefined): Promise<string> {
  const existing = await readIfThere(file);
  if (existing !== undefined) return existing;
  if (name === undefined)
    throw new Error(`${file} does not exist; give a name, and the first start makes it`);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await write(draft, `${generateSignerKey(name, 'cosignature')}\n`);
    // Of two first starts at once one makes the key, and both read it.
    await link(draft, file).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const folder = await open(dirname(file));
  await folder.sync().finally(() => folder.close());
  return readFile(file, 'utf8');
}

const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });

async function write(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
