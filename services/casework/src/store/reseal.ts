import { resealReplies } from '@lienthong/eventlog';
import type { Database, Sealer } from '@lienthong/kit';
import { type ResealResult, resealTables } from '@lienthong/outbound';
import { APPLICANTS, sealOlderApplicants } from './applicants.ts';
import { DRAFTS } from './drafts.ts';
import { STAGED } from './imports.ts';

/** Their replies carry a tracking secret. */
const SECRET_REPLIES = ['LodgeDossier', 'StageDossiers'];

/** Seals what is not sealed yet, and reseals applicants, drafts and kept secrets with the first key. */
export async function resealApplicants(db: Database, sealer: Sealer): Promise<ResealResult> {
  const sealed = await sealOlderApplicants(db, sealer);
  const { resealed, unreadable } = await resealTables(db, sealer, [APPLICANTS, DRAFTS, STAGED]);
  const replies = await resealReplies(db, sealer, SECRET_REPLIES);
  return { resealed: sealed + resealed + replies, unreadable };
}
