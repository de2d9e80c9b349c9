export { decodeBase64 } from './note/base64.ts';
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './note/checkpoint.ts';
export {
  generateSignerKey,
  type KeyKind,
  readSigner,
  readVerifier,
  type Signer,
  type Verifier,
} from './note/keys.ts';
export { formatNote, type Note, type NoteSignature, parseNote } from './note/note.ts';
export { type VerifiedSignature, verifiedSignatures } from './note/open.ts';
export { type OpenedCheckpoint, openCheckpoint, type Policy } from './policy.ts';
export { parsePolicy } from './policy-file.ts';
export { formatProof, type Proof, parseProof, verifyProof } from './proof.ts';
export { decodeEntries, encodeEntries, MAX_ENTRY_BYTES } from './tiles/entries.ts';
export { nodesInTiles, type ReadTiles } from './tiles/nodes-in-tiles.ts';
export { parseTilePath, TILE_WIDTH, type TileId, tilePath, tilesOfGrowth } from './tiles/path.ts';
export {
  appendLeaves,
  appendSubtrees,
  EMPTY_FRONTIER,
  type Frontier,
  frontierOf,
  type Growth,
  rootOf,
} from './tree/frontier.ts';
export { EMPTY_ROOT, HASH_BYTES, type Hash, leafHash, nodeHash } from './tree/hash.ts';
export { type NodeMemoryOptions, nodeMemory } from './tree/node-memory.ts';
export type { NodeId, ReadNodes, TreeNode } from './tree/nodes.ts';
export { proveConsistency, proveInclusion, proveRange, type RangeProof, rootAt } from './tree/prove.ts';
export { verifyConsistency, verifyInclusion } from './tree/verify.ts';
export { VerificationError } from './verification-error.ts';
