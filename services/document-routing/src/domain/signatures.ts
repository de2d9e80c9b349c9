import type { Agency } from '@lienthong/contracts/directory';
import {
  CertificateTrust,
  type DocumentSignature,
  type SignatureCheck,
  SignatureRole,
  SignatureState,
  type SignatureVerdict,
  type Signer,
} from '@lienthong/contracts/routing';
import type { FieldViolation } from '@lienthong/kit';
import { isInForce } from '@lienthong/reference-data';

/** The signatures that NĐ 30/2020/NĐ-CP requires on a document. */
const ROLES = [
  { role: SignatureRole.COMPETENT_PERSON, of: 'the competent person' },
  { role: SignatureRole.AGENCY, of: 'the agency' },
];

/** The parts of a document that say who must have signed it. */
interface Signed {
  signer: Signer | undefined;
  promulgatedOn: string;
}

/** Whose certificate the directory has registered for signatures. */
export interface RegisteredSigner {
  agencyId: string;
  role: SignatureRole;
  /** Of the officer; empty for the agency. */
  fullName: string;
}

/**
 * A valid signature becomes invalid when its certificate is of somebody else than the role says: by its registration, or by
 * the names that an authority has written into it.
 * @param registered undefined: the certificate is not registered
 */
export function checkSigner(
  check: SignatureCheck,
  { signer, promulgatedOn }: Signed,
  issuer: Agency | undefined,
  registered: RegisteredSigner | undefined,
): SignatureCheck {
  const { certificate } = check;
  if (!check.valid || !certificate) return check;
  const isRegistered =
    registered?.role === check.role &&
    registered.agencyId === issuer?.id &&
    (check.role === SignatureRole.AGENCY || (!!signer && sameName(signer.fullName, registered.fullName)));
  if (isRegistered) return check;
  if (check.trustedBy === CertificateTrust.REGISTRATION)
    return wrongSigner(
      check,
      'the certificate is registered for another signer, or the signer has no position',
    );
  if (check.role === SignatureRole.AGENCY) {
    const identifiers = issuer?.identifiers.filter((one) => isInForce(one, promulgatedOn)) ?? [];
    const codes = identifiers.flatMap(({ code }) => code?.code || []);
    return codes.some((code) => certificate.identifiers.includes(code))
      ? check
      : wrongSigner(
          check,
          'no identifier of the certificate is a code of the issuing agency at promulgated_on',
        );
  }
  return signer && sameName(signer.fullName, certificate.commonName)
    ? check
    : wrongSigner(check, "the certificate's common name is not signer.full_name");
}

const wrongSigner = (check: SignatureCheck, detail: string): SignatureCheck => ({
  ...check,
  valid: false,
  trustedBy: CertificateTrust.UNSPECIFIED,
  fault: 'SIGNER_DIFFERENT',
  detail,
});

const sameName = (a: string, b: string): boolean => plainName(a) !== '' && plainName(a) === plainName(b);
const plainName = (name: string): string => name.normalize('NFC').trim().toLocaleLowerCase('vi');

/** Undefined: there is nothing to record. */
export const verdictOf = (
  checks: readonly SignatureCheck[] | undefined,
  checkedAt: Date,
): SignatureVerdict | undefined =>
  checks === undefined || checks.length === 0
    ? undefined
    : {
        state: checks.every(({ valid }) => valid) ? SignatureState.VALID : SignatureState.INVALID,
        checks: [...checks],
        checkedAt,
      };

/** Violations of a document whose signatures are not valid, are not accepted, or are missing. */
export function signatureViolations({
  signatures,
  attachments,
  checks,
  required,
}: {
  signatures: readonly DocumentSignature[];
  attachments: readonly { sha256: string }[];
  /** Undefined where the platform knows no authority. */
  checks: readonly SignatureCheck[] | undefined;
  required: boolean;
}): FieldViolation[] {
  if (checks === undefined)
    return signatures.length === 0
      ? []
      : [
          {
            field: 'signatures',
            reason: 'SIGNATURES_NOT_ACCEPTED',
            description: 'must be empty: the platform knows no authority that certifies signers',
          },
        ];
  const missing = required ? ROLES.filter(({ role }) => signatures.every((one) => one.role !== role)) : [];
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            field: 'signatures',
            reason: 'SIGNATURE_REQUIRED',
            description: `must have a signature of ${missing.map(({ of }) => of).join(' and of ')}`,
          },
        ]),
    ...checks.flatMap(({ valid, fault, detail, attachmentSha256 }, i) => {
      if (valid) return [];
      const at = attachments.findIndex(({ sha256 }) => sha256 === attachmentSha256);
      const field = at < 0 ? `signatures[${i}].signature` : `attachments[${at}].sha256`;
      return [{ field, reason: fault, description: `is not signed validly: ${detail}` }];
    }),
  ];
}

/** Why a document goes back to its sender, in Vietnamese; undefined when every signature is valid. */
export function refusalReason(verdict: SignatureVerdict | undefined): string | undefined {
  const wrong = verdict?.checks.find(({ valid }) => !valid);
  if (!wrong) return undefined;
  const signer = wrong.certificate ? ` của ${wrong.certificate.commonName}` : '';
  return `Chữ ký số${signer} không hợp lệ: ${FAULTS[wrong.fault] ?? wrong.fault}`.slice(0, 500);
}

const FAULTS: Readonly<Record<string, string>> = {
  SIGNATURE_MALFORMED: 'sai định dạng',
  SIGNATURE_TOO_LARGE: 'quá lớn',
  ALGORITHM_REFUSED: 'thuật toán hoặc khóa không đủ mạnh',
  CONTENT_CHANGED: 'nội dung đã bị thay đổi',
  SIGNATURE_WRONG: 'không khớp với chứng thư số',
  CERTIFICATE_MISSING: 'thiếu chứng thư số',
  CERTIFICATE_UNTRUSTED: 'chứng thư số không do tổ chức được tin cậy cấp',
  CERTIFICATE_NOT_YET_VALID: 'chứng thư số chưa có hiệu lực',
  CERTIFICATE_EXPIRED: 'chứng thư số đã hết hạn',
  CERTIFICATE_REVOKED: 'chứng thư số đã bị thu hồi',
  REVOCATION_UNKNOWN: 'không kiểm tra được tình trạng thu hồi của chứng thư số',
  CERTIFICATE_USAGE_WRONG: 'chứng thư số không dùng để ký văn bản',
  SIGNED_RANGE_WRONG: 'không bao trùm toàn bộ tệp PDF',
  CHANGED_AFTER_SIGNING: 'tệp PDF bị thay đổi sau khi ký',
  SIGNER_DIFFERENT: 'chứng thư số của người hoặc cơ quan khác',
};
