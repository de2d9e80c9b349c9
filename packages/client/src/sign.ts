import {
  BusinessKind,
  type DeepPartial,
  type DocumentSignature,
  IssueDocumentRequest,
  SignatureFormat,
  type SignatureRole,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import { canonicalMetadata, type Signer, signCms, signJws } from '@lienthong/signatures';

export { type KeyFiles, keySigner, type Signer } from '@lienthong/signatures';

export interface SignedBy {
  role: SignatureRole;
  /** CMS or JWS. */
  format: typeof SignatureFormat.CMS | typeof SignatureFormat.JWS;
  /** Of `keySigner`, or of an HSM. */
  signer: Signer;
}

export interface SignOptions {
  /** The id of the agency that issues the document. */
  issuerId: string;
  by: readonly SignedBy[];
  /** The time that the signatures claim; by default now. */
  at?: Date;
}

/**
 * The request with detached signatures of everything in it but its recipients.
 * @throws Error when it has no number or no promulgated_on, or what the signer throws
 */
export async function signDocument(
  given: DeepPartial<IssueDocumentRequest>,
  { issuerId, by, at = new Date() }: SignOptions,
): Promise<IssueDocumentRequest> {
  const request = IssueDocumentRequest.fromPartial(given);
  if (request.number === '' || request.promulgatedOn === '')
    throw new Error('a document that is signed needs its number and promulgated_on');
  // The service fills these in where the request leaves them open.
  const metadata = canonicalMetadata({
    ...request,
    issuerId,
    urgency: request.urgency || Urgency.NORMAL,
    steering: request.steering || SteeringType.NONE,
    businessKind: request.businessKind || BusinessKind.NEW,
  });
  const signatures = await Promise.all(
    by.map(
      async ({ role, format, signer }): Promise<DocumentSignature> => ({
        format,
        role,
        signature:
          format === SignatureFormat.JWS
            ? await signJws(metadata, signer, at)
            : await signCms([metadata], signer, at),
      }),
    ),
  );
  return { ...request, signatures: [...request.signatures, ...signatures] };
}
