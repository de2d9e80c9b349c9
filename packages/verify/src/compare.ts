import { Fault } from '@lienthong/evidence';
import {
  type Checkpoint,
  type Hash,
  nodesInTiles,
  proveConsistency,
  rootAt,
  verifyConsistency,
} from '@lienthong/transparency-log';
import { CannotCheck } from './cannot-check.ts';
import type { TileSource } from './tiles.ts';

/** What shows that one tree is the beginning of another. */
export interface Ground {
  /** Roots of the tree that a verified export has shown. */
  roots?: ReadonlyMap<number, Hash>;
  tiles?: TileSource;
}

/**
 * Verifies that the later tree begins with all leaves of the earlier one.
 * @throws Fault when it does not, CannotCheck when the ground does not reach
 */
export async function compare(earlier: Checkpoint, later: Checkpoint, ground: Ground): Promise<void> {
  const [small, large] = earlier.size <= later.size ? [earlier, later] : [later, earlier];
  const shown = ground.roots?.get(small.size) ?? (small.size === large.size ? large.root : undefined);
  if (shown) {
    if (!shown.equals(small.root)) throw forked(small, large);
    return;
  }
  if (!ground.tiles)
    throw new CannotCheck(
      `cần --tiles để so cây ${small.size} lá với cây ${large.size} lá`,
      `--tiles is needed to compare the tree of ${small.size} leaves with that of ${large.size}`,
    );
  const nodes = nodesInTiles(ground.tiles.readTiles, large.size);
  const proof = await proveConsistency(nodes, small.size, large.size);
  if (verifyConsistency(small.size, large.size, proof, small.root, large.root)) return;
  if (!(await rootAt(nodes, large.size)).equals(large.root))
    throw new Fault('TREE_DIFFERENT', {
      vi: `Các ô băm không tạo thành cây ${large.size} lá đã ký`,
      en: `The tiles do not make up the signed tree of ${large.size} leaves`,
    });
  throw forked(small, large);
}

/** @throws Fault when the later checkpoint has fewer leaves: somebody took leaves back */
export function checkNotCutBack(earlier: Checkpoint, later: Checkpoint): void {
  if (later.size >= earlier.size) return;
  throw new Fault('LOG_CUT_BACK', {
    vi: `Nhật ký bị cắt: trước có ${earlier.size} lá, nay còn ${later.size}; mất từ lá ${later.size}`,
    en: `The log was cut back: it had ${earlier.size} leaves and has ${later.size}; leaf ${later.size} is the first that is missing`,
    leaf: later.size,
  });
}

const forked = (small: Checkpoint, large: Checkpoint): Fault =>
  new Fault('LOG_FORKED', {
    vi:
      small.size === large.size
        ? `Nhật ký có hai cây ${small.size} lá khác nhau, đều có chữ ký: hai điểm kiểm tra này là chứng cứ`
        : `Cây ${large.size} lá không bắt đầu bằng cây ${small.size} lá: nhật ký đã bị viết lại, hai điểm kiểm tra này là chứng cứ`,
    en:
      small.size === large.size
        ? `The log has signed two trees of ${small.size} leaves: both checkpoints are the proof`
        : `The tree of ${large.size} leaves does not begin with that of ${small.size}: the log was rewritten, both checkpoints are the proof`,
  });
