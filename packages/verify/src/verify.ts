import { writeFile } from 'node:fs/promises';
import {
  contentFault,
  entryOf,
  faultOf,
  readEntry,
  type VerifiedEvidence,
  verifyEvidence,
  verifyExport,
} from '@lienthong/evidence';
import {
  type OpenedCheckpoint,
  openCheckpoint,
  type Policy,
  parseProof,
  verifyProof,
} from '@lienthong/transparency-log';
import type { VerifyArguments } from './arguments.ts';
import { CannotCheck } from './cannot-check.ts';
import { checkNotCutBack, compare } from './compare.ts';
import { type FileKind, kindOf, linesOf, readText } from './files.ts';
import { checkSignatures, type DocumentSignature, type Signers } from './signatures.ts';
import { type TileSource, tilesFrom } from './tiles.ts';

export interface Verified {
  subject: 'evidence' | 'export' | 'proof' | 'checkpoints';
  checkpoint: OpenedCheckpoint;
  /** How many leaves were verified. */
  leaves: number;
  evidence?: VerifiedEvidence;
  /** Of the documents in it; those of an evidence file or export. */
  signatures: readonly DocumentSignature[];
}

/** What a subject is verified with. */
interface Against {
  policy: Policy;
  /** Checkpoints that the reader has kept, in the order of the arguments. */
  kept: readonly OpenedCheckpoint[];
  tiles: TileSource | undefined;
  /** Whose signers are believed. */
  signers: Signers | undefined;
}

/** @throws Fault what is not to be believed, CannotCheck when that cannot be said */
export async function verify({
  files,
  policy,
  tiles: from,
  pageFile,
  signers,
}: VerifyArguments): Promise<Verified> {
  const byKind: Record<FileKind, string[]> = {
    evidence: [],
    export: [],
    proof: [],
    entry: [],
    checkpoint: [],
  };
  for (const file of files) byKind[await kindOf(file)].push(file);
  const [evidence, exported, proof, entry] = [byKind.evidence, byKind.export, byKind.proof, byKind.entry].map(
    only,
  );
  const kept: OpenedCheckpoint[] = [];
  for (const file of byKind.checkpoint) kept.push(opened(await readText(file), policy));
  const against = { policy, kept, tiles: from === undefined ? undefined : tilesFrom(from), signers };

  if ([evidence, exported, proof].filter((one) => one !== undefined).length > 1) throw oneAtATime();
  if ((pageFile === undefined || evidence !== undefined) && (entry === undefined) === (proof === undefined)) {
    if (evidence !== undefined) return verifyEvidenceFile(evidence, against, pageFile);
    if (exported !== undefined) return verifyExportFile(exported, against);
    if (proof !== undefined && entry !== undefined) return verifyProofFile(proof, entry, against);
    return verifyCheckpoints(against);
  }
  throw new CannotCheck(
    '--page cần một tệp bằng chứng; chứng minh và tệp của bản ghi đi cùng nhau',
    '--page needs an evidence file; a proof and the file of its entry come together',
  );
}

async function verifyExportFile(file: string, { policy, kept, tiles, signers }: Against): Promise<Verified> {
  const signatures: DocumentSignature[] = [];
  const sizes = kept.map(({ size }) => size);
  const { checkpoint, roots, from, to } = await verifyExport(linesOf(file), {
    policy,
    sizes,
    hashOf: tiles?.hashOf,
    visit: async (entry) => void signatures.push(...(await checkSignatures(entry, signers))),
  });
  for (const one of kept) {
    checkNotCutBack(one, checkpoint);
    await compare(one, checkpoint, { roots, tiles });
  }
  return { subject: 'export', checkpoint, leaves: to - from, signatures };
}

async function verifyEvidenceFile(
  path: string,
  { policy, kept, tiles, signers }: Against,
  pageFile: string | undefined,
): Promise<Verified> {
  const file = await readText(path);
  const evidence = verifyEvidence(file, policy);
  const { checkpoint, entries } = evidence;
  for (const one of kept) await compare(one, checkpoint, { tiles });
  const signatures: DocumentSignature[] = [];
  for (const entry of entries) signatures.push(...(await checkSignatures(entry, signers)));
  if (pageFile !== undefined) {
    const { evidencePage } = await import('@lienthong/evidence/page');
    await writeFile(pageFile, evidencePage(file));
  }
  return { subject: 'evidence', checkpoint, leaves: entries.length, evidence, signatures };
}

async function verifyProofFile(
  proofFile: string,
  entryFile: string,
  { policy, kept, tiles }: Against,
): Promise<Verified> {
  const text = await readText(proofFile);
  const proof = faultOf(() => parseProof(text), 'FILE_MALFORMED', 'Tệp chứng minh sai định dạng');
  const { index } = proof;
  const entry = { ...readEntry(await readText(entryFile)), index };
  const checkpoint = opened(proof.checkpoint, policy);
  const vi = `Lá ${index}: chứng minh không dẫn từ bản ghi này đến gốc của cây`;
  faultOf(() => verifyProof(proof, entryOf(entry.record), policy), 'PROOF_FALSE', vi, index);
  const fault = contentFault(entry);
  if (fault) throw fault;
  for (const one of kept) await compare(one, checkpoint, { tiles });
  return { subject: 'proof', checkpoint, leaves: 1, signatures: [] };
}

async function verifyCheckpoints({ policy, kept, tiles }: Against): Promise<Verified> {
  // The tiles' own checkpoint is the newest.
  const all = kept.length === 1 && tiles ? [...kept, opened(await tiles.checkpoint(), policy)] : kept;
  const newest = all.at(-1);
  if (all.length < 2 || newest === undefined)
    throw new CannotCheck('cần hai điểm kiểm tra, hoặc --tiles', 'two checkpoints are needed, or --tiles');
  for (const one of all.slice(0, -1)) {
    checkNotCutBack(one, newest);
    await compare(one, newest, { tiles });
  }
  return { subject: 'checkpoints', checkpoint: newest, leaves: 0, signatures: [] };
}

const opened = (note: string, policy: Policy): OpenedCheckpoint =>
  faultOf(() => openCheckpoint(note, policy), 'CHECKPOINT_REFUSED', 'Điểm kiểm tra không đáng tin');

function only(files: readonly string[]): string | undefined {
  if (files.length > 1) throw oneAtATime();
  return files[0];
}

const oneAtATime = () =>
  new CannotCheck(
    'mỗi lần một tệp bằng chứng, bản xuất hoặc chứng minh',
    'one evidence file, export or proof at a time',
  );
