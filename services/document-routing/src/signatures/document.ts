import { Document, type SignatureCheck } from '@lienthong/contracts/routing';
import { findFiles } from '@lienthong/file-store';
import { type Context, principalOf } from '@lienthong/kit';
import { standsFor, standsForAll } from '@lienthong/reference-data';
import type { Draft } from '../domain/document.ts';
import type { Deps } from '../rpc/deps.ts';
import { readUsableFiles } from '../store/attachments.ts';
import { readSigned } from '../store/read-document.ts';

/** Checks the signatures of a document that its caller issues; undefined: the platform knows no authority. */
export async function checkAtIssue(
  draft: Draft,
  context: Context,
  { db, agencies, signatures }: Deps,
): Promise<SignatureCheck[] | undefined> {
  if (!signatures) return undefined;
  if (draft.signatures.length + draft.attachments.length === 0) return [];
  const { caller, now, today, signal } = context;
  await agencies.refresh(db);
  const digests = draft.attachments.map(({ sha256 }) => sha256);
  return signatures.check(
    { ...draft, issuerId: caller.agencyId },
    {
      files: () => readUsableFiles(db, digests, standsForAll(agencies, caller.agencyId, today)),
      issuer: agencies.get(caller.agencyId),
      at: now,
      principal: principalOf(context),
      signal,
      ocspResponses: [],
    },
  );
}

/**
 * Checks the signatures of a document that its recipient takes in, certificates as of the time of issue; undefined: there is
 * nothing to check, or the caller does not hold the delivery.
 */
export async function checkOnReceipt(
  deliveryId: string,
  context: Context,
  { db, agencies, signatures }: Deps,
): Promise<SignatureCheck[] | undefined> {
  if (!signatures) return undefined;
  const [signed] = await Promise.all([readSigned(db, deliveryId), agencies.refresh(db)]);
  const { caller, today } = context;
  if (!signed || !standsFor(agencies, caller.agencyId, signed.holder_id, today)) return undefined;
  const document = Document.decode(signed.record);
  const digests = document.attachments.map(({ sha256 }) => sha256);
  return signatures.checkIssued(document, today, {
    files: async () => [...(await findFiles(db, digests)).values()],
    issuer: agencies.get(document.issuerId),
    at: document.issuedAt as Date,
    principal: principalOf(context),
    ocspResponses: document.signatureVerdict?.checks.flatMap((one) => one.ocspResponses) ?? [],
  });
}
