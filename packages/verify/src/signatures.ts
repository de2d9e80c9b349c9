import { decodeEvent } from '@lienthong/contracts/events';
import {
  CertificateTrust,
  type Document,
  type SignatureCheck,
  SignatureFormat,
  SignatureRole,
} from '@lienthong/contracts/routing';
import { Fault, type LoggedEntry } from '@lienthong/evidence';
import {
  canonicalMetadata,
  extendTrust,
  type Registration,
  type SigningCertificate,
  type Trust,
  type TrustedBy,
  type Verdict,
  verifyCms,
  verifyJws,
} from '@lienthong/signatures';

/** Whose signatures a reader believes. */
export interface Signers {
  trust: Trust;
  /** Also certificates without a trusted authority when the log says that the signer's agency had registered them. */
  areRegisteredBelieved: boolean;
}

/** A signature of a document, as the log has it. */
export interface DocumentSignature {
  leaf: number;
  documentId: string;
  role: keyof typeof SignatureRole;
  /** Who signed; undefined: no authorities were named, so it was not checked. */
  certificate: SigningCertificate | undefined;
  /** REGISTRATION: the log says that the signer's agency had registered the certificate; no authority vouches for it. */
  trustedBy: TrustedBy | undefined;
}

/**
 * Checks the signatures of the document that an entry issues, certificates as of the time of issue.
 * @param signers undefined: the signatures are only listed
 * @throws Fault of the first signature that is not valid
 */
export async function checkSignatures(
  entry: LoggedEntry,
  signers: Signers | undefined,
): Promise<DocumentSignature[]> {
  const { index: leaf } = entry;
  const document = issuedIn(entry);
  if (!document) return [];
  const checked: DocumentSignature[] = [];
  for (const [n, { role }] of document.signatures.entries()) {
    const { certificate, trustedBy } = signers
      ? await checkSignature(document, n, signers, leaf)
      : NOT_CHECKED;
    checked.push({ leaf, documentId: document.id, role: nameOf(role), certificate, trustedBy });
  }
  return checked;
}

const ISSUED = 'lienthong.routing.v1.DocumentIssued';

function issuedIn({ record, content }: LoggedEntry): Document | undefined {
  if (!content || record.type !== ISSUED) return undefined;
  try {
    return decodeEvent(ISSUED, content.payload).document;
  } catch {
    // The bytes are proved; a contract that cannot read them finds no signature in them.
    return undefined;
  }
}

const NOT_CHECKED = { certificate: undefined, trustedBy: undefined };

async function checkSignature(
  document: Document,
  n: number,
  signers: Signers,
  leaf: number,
): Promise<Verdict & { valid: true }> {
  const { format, role, signature } = document.signatures[n] as Document['signatures'][0];
  const wrong = (reason: string, detail: string) =>
    new Fault('SIGNATURE_INVALID', {
      vi: `Lá ${leaf}: chữ ký số thứ ${n + 1} của văn bản không hợp lệ (${reason})`,
      en: `Leaf ${leaf}: signature ${n + 1} of the document (${nameOf(role)}) is not valid: ${detail}`,
      leaf,
    });
  const metadata = canonicalMetadata(document);
  const against = { trust: trustFor(document, n, signers, wrong), at: document.issuedAt as Date };
  const verdict =
    format === SignatureFormat.JWS
      ? await verifyJws(signature, metadata, against)
      : await verifyCms(signature, [metadata], against);
  if (verdict.valid) return verdict;
  const isRegistered = checkOf(document, n)?.trustedBy === CertificateTrust.REGISTRATION;
  const hint = isRegistered ? '; the log has it as registered: --registered-signers believes that' : '';
  throw wrong(verdict.fault, `${verdict.detail}${hint}`);
}

/** What the platform found at issue; the checks of detached signatures come first, in their order. */
const checkOf = ({ signatureVerdict }: Document, n: number): SignatureCheck | undefined =>
  signatureVerdict?.checks[n];

/** With the OCSP responses that the platform has recorded, which authorities have signed, and with registrations. */
function trustFor(
  document: Document,
  n: number,
  { trust, areRegisteredBelieved }: Signers,
  wrong: (reason: string, detail: string) => Fault,
): Trust {
  const { certificate, trustedBy } = checkOf(document, n) ?? {};
  const ocspResponses = document.signatureVerdict?.checks.flatMap((one) => one.ocspResponses) ?? [];
  const registrations: Registration[] =
    areRegisteredBelieved && certificate && trustedBy === CertificateTrust.REGISTRATION
      ? [{ fingerprint: certificate.fingerprint, from: document.issuedAt as Date, revokedAt: undefined }]
      : [];
  try {
    return extendTrust(trust, { ocspResponses, registrations });
  } catch (error) {
    throw wrong('OCSP', `an OCSP response cannot be read (${(error as Error).message})`);
  }
}

const nameOf = (role: SignatureRole): keyof typeof SignatureRole =>
  (Object.entries(SignatureRole).find(([, number]) => number === role)?.[0] ??
    'UNSPECIFIED') as keyof typeof SignatureRole;
