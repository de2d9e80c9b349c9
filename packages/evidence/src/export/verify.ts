import {
  appendLeaves,
  appendSubtrees,
  type Frontier,
  frontierOf,
  type Hash,
  type OpenedCheckpoint,
  openCheckpoint,
  type Policy,
  rootOf,
  TILE_WIDTH,
} from '@lienthong/transparency-log';
import { z } from 'zod';
import {
  contentFault,
  entryFrom,
  entryMembers,
  hash,
  type LoggedEntry,
  parseJson,
  recordFault,
} from '../entry.ts';
import { Fault, faultOf, malformed } from '../fault.ts';
import { EXPORT_FORMAT } from './write.ts';

export interface ExportVerification {
  policy: Policy;
  /** Sizes of trees whose roots are of interest besides that of the checkpoint. */
  sizes?: readonly number[];
  /** Called with each entry up to the first that is not as the log has it. */
  visit?: (entry: LoggedEntry) => Promise<void>;
  /** The hash of a leaf from the log's tiles, or a copy of them; absent: the export's own hashes are taken. */
  hashOf?: (index: number, size: number) => Promise<Hash>;
}

export interface VerifiedExport {
  checkpoint: OpenedCheckpoint;
  from: number;
  to: number;
  /** Roots of the sizes that the export can show. */
  roots: ReadonlyMap<number, Hash>;
}

const header = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  origin: z.string(),
  from: z.int().min(0),
  to: z.int().min(0),
  checkpoint: z.string(),
  before: z.array(hash),
  after: z.array(hash),
});
const line = z.strictObject({ ...entryMembers, hash });

/**
 * Verifies the lines of an export against its checkpoint, one at a time.
 * @throws Fault of the first leaf that is not as the log has it
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  { policy, sizes = [], visit, hashOf }: ExportVerification,
): Promise<VerifiedExport> {
  const reading = lines[Symbol.asyncIterator]();
  const { from, to, before, after, checkpoint: note } = parseJson(header, await nextOf(reading, 1), where(1));
  const checkpoint = faultOf(() => openCheckpoint(note, policy), 'CHECKPOINT_REFUSED', REFUSED);
  if (from > to || to > checkpoint.size)
    throw malformed(
      `${where(1)}: nhật ký có ${checkpoint.size} lá`,
      `${where(1)}: the log has ${checkpoint.size} leaves`,
    );

  const roots = new Map<number, Hash>();
  let frontier = faultOf(() => frontierOf(from, before), 'FILE_MALFORMED', where(1));
  let pending: Hash[] = [];
  const grow = () => {
    frontier = appendLeaves(frontier, pending).frontier;
    pending = [];
    if (sizes.includes(frontier.size)) roots.set(frontier.size, rootOf(frontier));
  };
  grow();
  let first: Fault | undefined;
  for (let index = from; index < to; index += 1) {
    const at = index - from + 2;
    const members = parseJson(line, await nextOf(reading, at, index), where(at));
    const entry = entryFrom(members);
    if (entry.index !== index) throw missing(index, entry);
    const inTree = hashOf ? await hashOf(index, checkpoint.size) : members.hash;
    first ??= recordFault(entry, inTree) ?? contentFault(entry);
    if (!first) await visit?.(entry);
    pending.push(inTree);
    if (pending.length === TILE_WIDTH || sizes.includes(index + 1)) grow();
  }
  grow();
  if (!(await reading.next()).done)
    throw malformed(`thừa dòng sau lá ${to - 1}`, `there are lines after leaf ${to - 1}`);
  checkRoot(frontier, after, checkpoint, first);
  if (first) throw first;
  return { checkpoint, from, to, roots: roots.set(checkpoint.size, checkpoint.root) };
}

const REFUSED = 'Điểm kiểm tra không đáng tin';
const where = (n: number): string => `dòng/line ${n}`;

async function nextOf(reading: AsyncIterator<string>, at: number, leaf?: number): Promise<string> {
  const { done, value } = await reading.next();
  if (!done) return value;
  const end = `${where(at)}: tệp kết thúc sớm`;
  throw leaf === undefined
    ? malformed(end, `${where(at)}: the file ends early`)
    : new Fault('LEAF_MISSING', {
        vi: `Thiếu lá ${leaf}: tệp kết thúc sớm`,
        en: `Leaf ${leaf} is missing: the file ends early`,
        leaf,
      });
}

const missing = (leaf: number, { index }: LoggedEntry): Fault =>
  new Fault('LEAF_MISSING', {
    vi: `Thiếu lá ${leaf}: ở chỗ của nó là lá ${index}`,
    en: `Leaf ${leaf} is missing: leaf ${index} is in its place`,
    leaf,
  });

/** The hashes that name leaves are themselves believed only when they make up the signed root. */
function checkRoot(
  frontier: Frontier,
  after: readonly Hash[],
  { size, root }: OpenedCheckpoint,
  first?: Fault,
): void {
  const whole = faultOf(() => appendSubtrees(frontier, after, size), 'FILE_MALFORMED', where(1));
  if (rootOf(whole).equals(root)) return;
  throw new Fault('TREE_DIFFERENT', {
    vi: `Các lá không tạo thành cây ${size} lá đã ký${first ? `; nghi ngờ trước hết: ${first.vi}` : ''}. Một bản sao các ô băm chỉ ra lá bị sửa`,
    en: `The leaves do not make up the signed tree of ${size}${first ? `; the first suspect: ${first.message}` : ''}. A copy of the log's tiles names the changed leaf`,
    leaf: first?.leaf,
  });
}
