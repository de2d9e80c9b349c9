import type { Database, Sealer } from '@lienthong/kit';
import { type ResealResult, resealTables } from '@lienthong/outbound';
import { APPLICANTS, sealOlderApplicants } from './applicants.ts';
import { DRAFTS } from './drafts.ts';

/** Seals what is not sealed yet, and reseals applicants and drafts with the first key. */
export async function resealApplicants(db: Database, sealer: Sealer): Promise<ResealResult> {
  const sealed = await sealOlderApplicants(db, sealer);
  const { resealed, unreadable } = await resealTables(db, sealer, [APPLICANTS, DRAFTS]);
  return { resealed: sealed + resealed, unreadable };
}
