import { createHash } from 'node:crypto';
import { type EdxmlPackage, type ReadResult, readPackage } from '@lienthong/edxml';
import { type Answer, refusalOf, refusePackage } from '../answer.ts';
import { type EnvelopeSignature, SIGNATURE, takenAsUnsigned } from '../domain/signature.ts';
import type { SystemDeps } from '../system.ts';
import { receiveDocument } from './document.ts';
import { receiveStatus } from './status.ts';

export interface OpenedPackage {
  bytes: Buffer;
  sha256: string;
  read: ReadResult;
}

export const openPackage = (bytes: Buffer): OpenedPackage => ({
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  read: readPackage(bytes),
});

/** The ids of all documents that a package is about or names. */
export function documentsOf({ read }: OpenedPackage): string[] {
  if (!read.ok) return [];
  const { package: edxml } = read;
  const named =
    edxml.kind === 'status'
      ? [edxml.responseFor.documentId]
      : [
          edxml.documentId,
          edxml.business?.documentId ?? '',
          ...edxml.responseFor.map(({ documentId }) => documentId),
          ...(edxml.business?.replacements ?? []).map(({ documentId }) => documentId),
        ];
  return [...new Set(named)].filter((id) => id !== '');
}

/**
 * Takes a package of a system. The same package again changes nothing more.
 * @throws an error that is not about the package: the platform is away, for example; try again later
 */
export async function receivePackage(
  { bytes, sha256, read }: OpenedPackage,
  deps: SystemDeps,
): Promise<Answer> {
  if (!read.ok) {
    const message = 'the package is not as QCVN 102:2016 has it; correct each place and send it again';
    return { accepted: false, sha256, reason: 'PACKAGE_INVALID', message, violations: read.violations };
  }
  const signature = read.package.signed
    ? await deps.envelopes.check(bytes, deps.system, deps.clock.now())
    : undefined;
  try {
    requireSignature(read.package, signature, deps);
    const isTakenAsUnsigned = signature?.valid === false;
    const leniencies = [...read.leniencies, ...(isTakenAsUnsigned ? [takenAsUnsigned(signature)] : [])];
    const taken =
      read.package.kind === 'document'
        ? await receiveDocument(read.package, sha256, leniencies, deps)
        : await receiveStatus(read.package, sha256, leniencies, deps);
    return { accepted: true, sha256, ...taken, signature };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { accepted: false, sha256, ...refusal, signature };
  }
}

/** Refuses: SIGNATURE_MISSING, SIGNATURE_INVALID, where the system must sign. */
function requireSignature(
  { signed }: EdxmlPackage,
  signature: EnvelopeSignature | undefined,
  { system }: SystemDeps,
): void {
  if (!system.signatureRequired || signature?.valid) return;
  if (!signed || signature === undefined)
    throw refusePackage('SIGNATURE_MISSING', SIGNATURE, 'is required; sign the package as a whole');
  throw refusePackage(
    'SIGNATURE_INVALID',
    SIGNATURE,
    `${signature.fault}: ${signature.detail}; sign the package as a whole with a certificate that the gateway believes`,
  );
}
