import type { Agency } from '@lienthong/contracts/directory';
import type { Document, DocumentSignature, SignatureCheck } from '@lienthong/contracts/routing';
import type { FileStore, StoredFile } from '@lienthong/file-store';
import { type Clock, createThreads, type Worker } from '@lienthong/kit';
import { canonicalMetadata, type SignedFields } from '@lienthong/signatures';
import { checkSigner } from '../domain/signatures.ts';
import { type Fresh, freshCache } from './fresh-cache.ts';
import { checkWithLearning, type Sources } from './learn.ts';
import type * as inThread from './thread.ts';
import { toCheck, withFewResponses } from './to-check.ts';
import { type TrustFiles, trustReader, versionOf } from './trust-files.ts';

/** A larger PDF is not looked into; the signature of the metadata has its digest. */
const MAX_PDF_BYTES = 64 * 1024 * 1024;
/** A PDF begins with its name, perhaps after some bytes. */
const HEAD_BYTES = 1024;
/** The longest that the files of a document are read, whose check several recipients wait for. */
const SHARED_CHECK_MS = 60_000;
/** The most documents whose checks are remembered; one takes some kilobytes. */
const MAX_REMEMBERED = 1_000;

export interface SignedDocument extends SignedFields {
  signatures: readonly DocumentSignature[];
}

export interface CheckOptions {
  /** Gives the attachments' files; one that is missing is not looked into. */
  files(): Promise<readonly StoredFile[]>;
  issuer: Agency | undefined;
  /** Certificates count as they were at this time. */
  at: Date;
  /** Who has it checked, as `principalOf` gives it. */
  principal: string;
  signal: AbortSignal;
  /** OCSP responses of an earlier check of the document. */
  ocspResponses: readonly Uint8Array[];
}

export interface CheckerDeps extends Sources {
  clock: Clock;
  trust: TrustFiles;
  files: FileStore;
}

interface Checked extends Fresh {
  checks: SignatureCheck[];
}

/** Checks signatures in a thread of its own. A worker of the service. */
export interface SignatureChecker extends Worker {
  /**
   * What the check of each signature found: of the metadata in their order, then inside PDFs.
   * Refuses: SERVER_BUSY, WORK_BUDGET_EXCEEDED.
   */
  check(document: SignedDocument, options: CheckOptions): Promise<SignatureCheck[]>;
  /**
   * The same for a document that is issued. It is checked once a day, and when something changes that its check relies on:
   * thousands of recipients take it in.
   */
  checkIssued(
    document: Document,
    today: string,
    options: Omit<CheckOptions, 'signal'>,
  ): Promise<SignatureCheck[]>;
}

/** @throws Error when a file of the trust cannot be read */
export function createSignatureChecker(deps: CheckerDeps): SignatureChecker {
  const { trust, files, clock, signers } = deps;
  trustReader()(trust);
  const remembered = freshCache<Checked>(clock, MAX_REMEMBERED);
  const { run, ...worker } = createThreads<typeof inThread>({
    name: 'signature checks',
    module: new URL('./thread.ts', import.meta.url),
    waiting: 64,
    waitingPerPrincipal: 8,
  });

  async function checkMetadata(
    document: SignedDocument,
    { at, issuer, principal, ocspResponses }: CheckOptions,
  ): Promise<Checked> {
    const { signatures } = document;
    if (signatures.length === 0) return NOTHING_SIGNED;
    const metadata = canonicalMetadata(document);
    const { verdicts, until } = await checkWithLearning(
      deps,
      (known) => run(principal, 'checkDetached', signatures, metadata, { files: trust, known, at }),
      ocspResponses,
    );
    const checks = verdicts.map((one, i) => {
      const { format, role } = signatures[i] as DocumentSignature;
      const registered = signers.signerAt(one.verdict.certificate?.fingerprint ?? '', at);
      return checkSigner({ ...toCheck(one), format, role }, document, issuer, registered);
    });
    return { checks, until };
  }

  async function checkFile(
    file: StoredFile,
    { at, principal, signal, ocspResponses }: CheckOptions,
  ): Promise<Checked> {
    if (file.sizeBytes === 0 || file.sizeBytes > MAX_PDF_BYTES) return NOTHING_SIGNED;
    const chunks: Uint8Array[] = [];
    for await (const { chunk } of files.download(file, { offset: 0n, length: 0n }, signal)) {
      chunks.push(chunk);
      if (chunks.length === 1 && !isPdf(chunk)) return NOTHING_SIGNED;
    }
    signal.throwIfAborted();
    const pdf = Buffer.concat(chunks);
    const { verdicts, until } = await checkWithLearning(
      deps,
      (known) => run(principal, 'checkPdf', pdf, { files: trust, known, at }),
      ocspResponses,
    );
    return { checks: verdicts.map((one) => ({ ...toCheck(one), attachmentSha256: file.sha256 })), until };
  }

  async function checkAll(document: SignedDocument, options: CheckOptions): Promise<Checked> {
    const checked = [await checkMetadata(document, options)];
    // One after the other: each may be in memory as a whole.
    for (const file of await options.files()) checked.push(await checkFile(file, options));
    return {
      checks: withFewResponses(checked.flatMap(({ checks }) => checks)),
      until: Math.min(...checked.map(({ until }) => until)),
    };
  }

  return {
    ...worker,
    async stop() {
      await worker.stop();
      deps.responder?.close();
    },
    check: async (document, options) => (await checkAll(document, options)).checks,
    async checkIssued(document, today, options) {
      const key = [document.id, today, versionOf(trust), signers.version()].join();
      // The caller who is first may leave while others wait.
      const check = () => checkAll(document, { ...options, signal: AbortSignal.timeout(SHARED_CHECK_MS) });
      return (await remembered.get(key, check)).checks;
    },
  };
}

const NOTHING_SIGNED: Checked = { checks: [], until: Number.POSITIVE_INFINITY };

const isPdf = (head: Uint8Array): boolean =>
  Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).includes('%PDF-');
