import { randomUUID } from 'node:crypto';
import {
  appendLeaves,
  EMPTY_FRONTIER,
  formatCheckpoint,
  formatNote,
  generateSignerKey,
  type Hash,
  leafHash,
  type Policy,
  type ReadNodes,
  type ReadTiles,
  readSigner,
  readVerifier,
  rootOf,
  type Signer,
} from '@lienthong/transparency-log';
import {
  type AuditRecord,
  commit,
  createSalts,
  entryOf,
  exportHeader,
  exportLine,
  type LoggedEntry,
} from '../src/index.ts';

export const ORIGIN = 'lienthong.example.vn/nhat-ky';
const SECONDS = 1_764_000_000;

/** An audit as its tables have it: rows that a database administrator can change, and a tree that was signed. */
export interface TestLog {
  rows: LoggedEntry[];
  /** Leaf hashes as the tiles have them. */
  hashes: Hash[];
  /** Of all rows, signed and cosigned. */
  checkpoint: string;
  keys: Keys;
}

export interface Keys {
  log: Signer;
  witness: Signer;
}

export const keysOf = (origin = ORIGIN): Keys => ({
  log: readSigner(generateSignerKey(origin, 'note')),
  witness: readSigner(generateSignerKey('thanh-tra.example.vn/nhan-chung', 'cosignature')),
});

export const logOf = (rows: LoggedEntry[], keys: Keys): TestLog => {
  const hashes = hashesOf(rows);
  return { rows, hashes, checkpoint: checkpointOf(hashes, keys), keys };
};

export const rowsOf = (size: number): LoggedEntry[] =>
  Array.from({ length: size }, (_, index) => rowOf(index));

export const hashesOf = (rows: readonly LoggedEntry[]): Hash[] =>
  rows.map(({ record }) => leafHash(entryOf(record)));

export function rowOf(index: number, payload = Buffer.from(`nội dung ${index}`)): LoggedEntry {
  const [salt] = createSalts(1) as [Buffer];
  const record: AuditRecord = {
    version: 1,
    kind: 'event',
    source: 'routing',
    position: index + 1,
    eventId: randomUUID(),
    type: 'lienthong.routing.v1.DocumentIssued',
    occurredAt: '2026-01-05T01:40:00.000Z',
    actor: { agencyId: randomUUID(), officerId: `cán bộ ${index}` },
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    agencyId: '',
    documentId: randomUUID(),
    dossierCode: '',
    payload: commit(payload, salt),
  };
  return { index, record, content: { salt, payload } };
}

export const policyOf = ({ log, witness }: Keys): Policy => ({
  origin: ORIGIN,
  log: [readVerifier(log.verifierKey)],
  witnesses: [readVerifier(witness.verifierKey)],
  quorum: 1,
});

/** All nodes of the tree of these leaves. */
export function nodesOf(hashes: readonly Hash[]): ReadNodes {
  const { nodes } = appendLeaves(EMPTY_FRONTIER, hashes);
  const byId = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return async (ids) => ids.map(({ level, index }) => byId.get(`${level}/${index}`) as Hash);
}

/** The tiles of the tree of these leaves. */
export function tilesOf(hashes: readonly Hash[]): ReadTiles {
  const nodes = nodesOf(hashes);
  return (ids) =>
    Promise.all(
      ids.map(async ({ level, index, width }) => {
        const first = index * 256;
        const places = Array.from({ length: width }, (_, n) => ({
          level: Number(level) * 8,
          index: first + n,
        }));
        return Buffer.concat([...(await nodes(places))]);
      }),
    );
}

/** A checkpoint of these leaves, signed by the log and cosigned by the witness. */
export function checkpointOf(hashes: readonly Hash[], { log, witness }: Keys, origin = ORIGIN): string {
  const root = rootOf(appendLeaves(EMPTY_FRONTIER, hashes).frontier);
  const text = formatCheckpoint({ origin, size: hashes.length, root, extensions: [] });
  return formatNote({ text, signatures: [log.sign(text, 0), witness.sign(text, SECONDS)] });
}

/** An export as the service writes it: rows from its table, hashes from its tiles. */
export async function exportOf(log: TestLog, from = 0, to = log.rows.length): Promise<string[]> {
  const lines = log.rows.slice(from, to).map((row, n) => exportLine(row, log.hashes[from + n] as Hash));
  return [await exportHeader({ from, to, checkpoint: log.checkpoint }, nodesOf(log.hashes)), ...lines];
}

export const copyOf = (log: TestLog): TestLog => ({
  ...log,
  hashes: [...log.hashes],
  rows: log.rows.map(({ index, record, content }) => ({
    index,
    record: structuredClone(record),
    ...(content && { content: { salt: content.salt, payload: Buffer.from(content.payload) } }),
  })),
});

export async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
