import {
  type Hash,
  parseCheckpoint,
  parseNote,
  proveRange,
  type ReadNodes,
} from '@lienthong/transparency-log';
import { entryJson, type LoggedEntry } from '../entry.ts';

export const EXPORT_FORMAT = 'lienthong-audit-export@v1';

export interface ExportRange {
  /** Leaves from `from` to, not including, `to`. */
  from: number;
  to: number;
  /** The signed note of a checkpoint that covers them, with its cosignatures. */
  checkpoint: string;
}

/**
 * The first line of an export: what is in it, and what the tree has before and after it. Lines end with a newline.
 * @throws RangeError when the checkpoint does not cover the leaves
 */
export async function exportHeader({ from, to, checkpoint }: ExportRange, nodes: ReadNodes): Promise<string> {
  const { origin, size } = parseCheckpoint(parseNote(checkpoint).text);
  const { before, after } = await proveRange(nodes, from, to, size);
  const base64 = (hashes: readonly Hash[]) => hashes.map((one) => one.toString('base64'));
  const header = { format: EXPORT_FORMAT, origin, from, to, checkpoint };
  return `${JSON.stringify({ ...header, before: base64(before), after: base64(after) })}\n`;
}

/**
 * The line of an entry.
 * @param inTree the leaf's hash as the log's tiles have it, not computed from the entry: it names a changed entry
 */
export const exportLine = (entry: LoggedEntry, inTree: Hash): string =>
  `${JSON.stringify({ ...entryJson(entry), hash: inTree.toString('base64') })}\n`;
