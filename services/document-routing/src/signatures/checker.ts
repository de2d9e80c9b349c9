import type { Agency } from '@lienthong/contracts/directory';
import {
  type DocumentSignature,
  type SignatureCheck,
  SignatureFormat,
  SignatureRole,
} from '@lienthong/contracts/routing';
import type { FileStore, StoredFile } from '@lienthong/file-store';
import { createThreads, type Worker } from '@lienthong/kit';
import { canonicalMetadata, type SignedFields, type Verdict } from '@lienthong/signatures';
import { checkSigner } from '../domain/signatures.ts';
import type * as inThread from './thread.ts';
import { type TrustFiles, trustReader } from './trust-files.ts';

/** A larger PDF is not looked into; the signature of the metadata has its digest. */
const MAX_PDF_BYTES = 64 * 1024 * 1024;
/** A PDF begins with its name, perhaps after some bytes. */
const HEAD_BYTES = 1024;

export interface SignedDocument extends SignedFields {
  signatures: readonly DocumentSignature[];
}

export interface CheckOptions {
  /** The attachments' files; one that is missing is not looked into. */
  files: readonly StoredFile[];
  issuer: Agency | undefined;
  /** Certificates count as they were at this time. */
  at: Date;
  /** Who has it checked, as `principalOf` gives it. */
  principal: string;
  signal: AbortSignal;
}

/** Checks signatures in a thread of its own. A worker of the service. */
export interface SignatureChecker extends Worker {
  /**
   * What the check of each signature found: of the metadata in their order, then inside PDFs.
   * Refuses: SERVER_BUSY, WORK_BUDGET_EXCEEDED.
   */
  check(document: SignedDocument, options: CheckOptions): Promise<SignatureCheck[]>;
}

/** @throws Error when a file of the trust cannot be read */
export function createSignatureChecker(trust: TrustFiles, files: FileStore): SignatureChecker {
  trustReader()(trust);
  const { run, ...worker } = createThreads<typeof inThread>({
    name: 'signature checks',
    module: new URL('./thread.ts', import.meta.url),
    waiting: 64,
    waitingPerPrincipal: 8,
  });

  async function checkMetadata(
    document: SignedDocument,
    { at, issuer, principal }: CheckOptions,
  ): Promise<SignatureCheck[]> {
    if (document.signatures.length === 0) return [];
    const metadata = canonicalMetadata(document);
    const verdicts = await run(principal, 'checkDetached', document.signatures, metadata, trust, at);
    return verdicts.map((verdict, i) => {
      const { format, role } = document.signatures[i] as DocumentSignature;
      return checkSigner({ ...toCheck(verdict), format, role }, document, issuer);
    });
  }

  async function checkFile(
    file: StoredFile,
    { at, principal, signal }: CheckOptions,
  ): Promise<SignatureCheck[]> {
    if (file.sizeBytes === 0 || file.sizeBytes > MAX_PDF_BYTES) return [];
    const chunks: Uint8Array[] = [];
    for await (const { chunk } of files.download(file, { offset: 0n, length: 0n }, signal)) {
      chunks.push(chunk);
      if (chunks.length === 1 && !isPdf(chunk)) return [];
    }
    signal.throwIfAborted();
    const verdicts = await run(principal, 'checkPdf', Buffer.concat(chunks), trust, at);
    return verdicts.map((verdict) => ({ ...toCheck(verdict), attachmentSha256: file.sha256 }));
  }

  return {
    ...worker,
    async check(document, options) {
      const checks = await checkMetadata(document, options);
      // One after the other: each may be in memory as a whole.
      for (const file of options.files) checks.push(...(await checkFile(file, options)));
      return checks;
    },
  };
}

const isPdf = (head: Uint8Array): boolean =>
  Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).includes('%PDF-');

const toCheck = (verdict: Verdict): SignatureCheck => ({
  format: SignatureFormat.PADES,
  role: SignatureRole.UNSPECIFIED,
  attachmentSha256: '',
  valid: verdict.valid,
  fault: verdict.valid ? '' : verdict.fault,
  detail: verdict.valid ? '' : verdict.detail,
  certificate: verdict.certificate && {
    commonName: verdict.certificate.commonName,
    subject: verdict.certificate.subject,
    issuer: verdict.certificate.issuer,
    serialNumber: verdict.certificate.serialNumber,
    fingerprint: verdict.certificate.fingerprint,
    identifiers: [...verdict.certificate.identifiers],
  },
  signedAt: verdict.signedAt,
  revocationChecked: verdict.valid && verdict.revocationChecked,
});
