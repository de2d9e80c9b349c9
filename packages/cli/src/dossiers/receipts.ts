import { randomUUID } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { StagedDossier } from '@lienthong/contracts/casework';
import { usage } from '../failure.ts';

type Kept = Pick<StagedDossier, 'line' | 'code' | 'dossierId' | 'trackingSecret'> & {
  /** Of the line's text as it was staged. */
  digest: string;
};

export interface Receipts {
  importId: string;
  /** Whether the receipt of a line is kept, and the line is as it was. */
  has(line: number, digest: string): boolean;
  /** Keeps those of lines without faults. */
  keep(staged: readonly (Kept & Pick<StagedDossier, 'faults'>)[]): Promise<void>;
}

/**
 * A file of JSON lines for its owner alone: the import's id, then the receipts as they come; the last one of a line
 * counts. A last line that a crash has cut off is not there. @throws Failure
 */
export async function openReceipts(file: string): Promise<Receipts> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw usage(`the file of receipts ${file} cannot be read (${error.code})`, error);
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [head, ...receipts] = parse(whole, file) as [{ importId?: string }?, ...Kept[]];
  const importId = head?.importId ?? randomUUID();
  if (head !== undefined && head.importId === undefined)
    throw usage(`${file} is not a file of receipts; name another one by --receipts`);
  if (head === undefined || whole !== text) await write(file, whole || `${JSON.stringify({ importId })}\n`);
  const digests = new Map(receipts.map(({ line, digest }) => [line, digest]));
  return {
    importId,
    has: (line, digest) => digests.get(line) === digest,
    async keep(staged) {
      const lines = staged
        .filter(({ faults }) => faults.length === 0)
        .map(({ line, digest, code, dossierId, trackingSecret }) => {
          digests.set(line, digest);
          return `${JSON.stringify({ line, digest, code, dossierId, trackingSecret })}\n`;
        });
      await appendFile(file, lines.join(''));
    },
  };
}

function parse(text: string, file: string): object[] {
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  } catch (error) {
    throw usage(`${file} is not a file of receipts; name another one by --receipts`, error);
  }
}

const write = (file: string, text: string): Promise<void> =>
  writeFile(file, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw usage(`the file of receipts ${file} cannot be written (${error.code})`, error);
  });
