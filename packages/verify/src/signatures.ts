import { decodeEvent } from '@lienthong/contracts/events';
import { type Document, SignatureFormat, SignatureRole } from '@lienthong/contracts/routing';
import { Fault, type LoggedEntry } from '@lienthong/evidence';
import {
  canonicalMetadata,
  type SigningCertificate,
  type Trust,
  verifyCms,
  verifyJws,
} from '@lienthong/signatures';

/** A signature of a document, as the log has it. */
export interface DocumentSignature {
  leaf: number;
  documentId: string;
  role: keyof typeof SignatureRole;
  /** Who signed; undefined: no authorities were named, so it was not checked. */
  certificate: SigningCertificate | undefined;
}

/**
 * Checks the signatures of the document that an entry issues, certificates as of the time of issue.
 * @param trust undefined: the signatures are only listed
 * @throws Fault of the first signature that is not valid
 */
export async function checkSignatures(
  entry: LoggedEntry,
  trust: Trust | undefined,
): Promise<DocumentSignature[]> {
  const { index: leaf } = entry;
  const document = issuedIn(entry);
  if (!document) return [];
  const checked: DocumentSignature[] = [];
  for (const [n, { role }] of document.signatures.entries())
    checked.push({
      leaf,
      documentId: document.id,
      role: nameOf(role),
      certificate: trust && (await signerOf(document, n, trust, leaf)),
    });
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

async function signerOf(
  document: Document,
  n: number,
  trust: Trust,
  leaf: number,
): Promise<SigningCertificate> {
  const { format, role, signature } = document.signatures[n] as Document['signatures'][0];
  const metadata = canonicalMetadata(document);
  const against = { trust, at: document.issuedAt as Date };
  const verdict =
    format === SignatureFormat.JWS
      ? await verifyJws(signature, metadata, against)
      : await verifyCms(signature, [metadata], against);
  if (verdict.valid) return verdict.certificate;
  throw new Fault('SIGNATURE_INVALID', {
    vi: `Lá ${leaf}: chữ ký số thứ ${n + 1} của văn bản không hợp lệ (${verdict.fault})`,
    en: `Leaf ${leaf}: signature ${n + 1} of the document (${nameOf(role)}) is not valid: ${verdict.detail}`,
    leaf,
  });
}

const nameOf = (role: SignatureRole): keyof typeof SignatureRole =>
  (Object.entries(SignatureRole).find(([, number]) => number === role)?.[0] ??
    'UNSPECIFIED') as keyof typeof SignatureRole;
