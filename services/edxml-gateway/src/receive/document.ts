import { LienThongError, Status } from '@lienthong/client';
import type { DocumentPackage } from '@lienthong/edxml';
import { type Accepted, refusePackage } from '../answer.ts';
import { toIssueRequest } from '../domain/issue.ts';
import { type Leniency, MESSAGE } from '../domain/places.ts';
import { requestIdOf } from '../request-id.ts';
import type { SystemDeps } from '../system.ts';
import { findByForeignId } from './find.ts';

/** Issues the document of a package, once. @throws PackageRefused, LienThongError */
export async function receiveDocument(
  edxml: DocumentPackage,
  sha256: string,
  leniencies: readonly Leniency[],
  deps: SystemDeps,
): Promise<Omit<Accepted, 'accepted' | 'sha256'>> {
  const { client, system } = deps;
  await requireSender(edxml, deps);
  const before = await findIssued(edxml, sha256, deps);
  if (before !== undefined) return { documentId: before, repeated: true, leniencies };
  const [respondsToId, refersToId] = await Promise.all([findAnswered(edxml, deps), findChanged(edxml, deps)]);
  const digests: string[] = [];
  for (const { content } of edxml.attachments) digests.push((await client.uploadAttachment(content)).sha256);
  const known = { system: system.name, packageSha256: sha256, leniencies, digests, respondsToId, refersToId };
  const request = toIssueRequest(edxml, known);
  try {
    const { document } = await client.routing.issueDocument({
      ...request,
      requestId: requestIdOf('issue', system.name, edxml.documentId, sha256),
    });
    if (!document) throw new Error('the platform replied without a document');
    return { documentId: document.id, repeated: false, leniencies: request.exchange?.leniencies ?? [] };
  } catch (error) {
    if (!(error instanceof LienThongError && error.reason === 'ORIGIN_ALREADY_USED')) throw error;
    // Another package of this id came first, a moment ago.
    const documentId = await findIssued(edxml, sha256, deps);
    if (documentId === undefined) throw error;
    return { documentId, repeated: true, leniencies };
  }
}

/** A system sends for its own agency alone. Refuses: SENDER_DIFFERENT. */
async function requireSender(edxml: DocumentPackage, { client, system }: SystemDeps): Promise<void> {
  const { organId } = edxml.from;
  const at = edxml.promulgationDate.slice(0, 10);
  const { agency } = await client.directory
    .resolveCode({ code: { scheme: '', code: organId }, at })
    .catch((error) => {
      const isUnknown =
        error instanceof LienThongError &&
        (error.code === Status.NOT_FOUND || error.code === Status.INVALID_ARGUMENT);
      if (isUnknown) return { agency: undefined };
      throw error;
    });
  if (agency?.id === system.agencyId) return;
  throw refusePackage(
    'SENDER_DIFFERENT',
    `${MESSAGE}/From/OrganId`,
    `${organId} is not the agency of this system; send documents of your own agency`,
  );
}

/** The document that was issued for this package. Refuses: DOCUMENT_ID_REUSED when it was for other bytes. */
async function findIssued(
  { documentId }: DocumentPackage,
  sha256: string,
  { client, system }: SystemDeps,
): Promise<string | undefined> {
  const { documents } = await client.routing.findDocuments({ documentId, system: system.name });
  const own = documents.find(({ document }) => document?.issuerId === system.agencyId);
  if (own === undefined || own.packageSha256 === sha256) return own?.document?.id;
  throw refusePackage(
    'DOCUMENT_ID_REUSED',
    `${MESSAGE}/DocumentId`,
    `is of a package with the SHA-256 ${own.packageSha256}; this package has ${sha256}. Give another document another id`,
  );
}

/** The first document of ResponseFor that another agency sent to this one; '' when none is known. */
async function findAnswered({ responseFor }: DocumentPackage, deps: SystemDeps): Promise<string> {
  for (const { documentId } of responseFor)
    for (const one of await findByForeignId(deps, documentId))
      if (one.issuerId !== deps.system.agencyId) return one.id;
  return '';
}

/** The first document of this agency that the package revokes, updates or replaces; '' when none is known. */
async function findChanged({ business }: DocumentPackage, deps: SystemDeps): Promise<string> {
  if (!business?.docType) return '';
  for (const foreignId of [business.documentId, ...business.replacements.map((one) => one.documentId)])
    for (const one of await findByForeignId(deps, foreignId))
      if (one.issuerId === deps.system.agencyId) return one.id;
  return '';
}
