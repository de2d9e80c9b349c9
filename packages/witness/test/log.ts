import {
  appendLeaves,
  EMPTY_FRONTIER,
  formatCheckpoint,
  formatNote,
  generateSignerKey,
  type Hash,
  leafHash,
  proveConsistency,
  type ReadNodes,
  readSigner,
  rootAt,
  type Signer,
} from '@lienthong/transparency-log';

export const ORIGIN = 'lienthong.example.vn/nhat-ky';

/** A log that signs what it is given: also another branch of its tree. */
export interface TestLog {
  signer: Signer;
  note(size: number, options?: { root?: Hash; signer?: Signer; origin?: string }): Promise<string>;
  proof(oldSize: number, size: number): Promise<readonly Hash[]>;
  body(oldSize: number, size: number): Promise<string>;
}

export const MOST = 600;

/** @param branch logs of one branch have the same leaves; those of another differ from `forkAt` on */
export function testLog(signer: Signer, branch: string, forkAt = 0): TestLog {
  const leaves = Array.from({ length: MOST }, (_, n) =>
    leafHash(Buffer.from(n < forkAt ? `chung ${n}` : `${branch} ${n}`)),
  );
  const { nodes } = appendLeaves(EMPTY_FRONTIER, leaves);
  const byId = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  const read: ReadNodes = async (ids) => ids.map(({ level, index }) => byId.get(`${level}/${index}`) as Hash);
  const note: TestLog['note'] = async (size, options = {}) => {
    const root = options.root ?? (await rootAt(read, size));
    const text = formatCheckpoint({ origin: options.origin ?? ORIGIN, size, root, extensions: [] });
    return formatNote({ text, signatures: [(options.signer ?? signer).sign(text, 0)] });
  };
  const proof: TestLog['proof'] = async (oldSize, size) =>
    oldSize <= size ? proveConsistency(read, oldSize, size) : [];
  const body: TestLog['body'] = async (oldSize, size) =>
    bodyOf(oldSize, await proof(oldSize, size), await note(size));
  return { signer, note, proof, body };
}

export const bodyOf = (oldSize: number | string, proof: readonly Hash[], note: string): string =>
  `old ${oldSize}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;

export const newSigner = (origin = ORIGIN): Signer => readSigner(generateSignerKey(origin, 'note'));
