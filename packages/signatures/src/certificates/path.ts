import { isSignedBy } from '../algorithms.ts';
import { SignatureError } from '../verdict.ts';
import { type Certificate, nameOf } from './certificate.ts';

/** The signer's certificate, the authorities above it, and the trusted one. */
export const MAX_LENGTH = 5;

type Path = readonly Certificate[];

/**
 * The first path from the signer's certificate to a trusted one that passes the check. There can be several: an authority
 * has certificates of other authorities, an old and a renewed one, or an old and a new key. A certificate that is trusted
 * itself is a path of its own.
 * @param check throws SignatureError
 * @throws SignatureError the first that was found
 */
export function findPath(
  leaf: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  check: (path: Path) => void,
): Path {
  const faults: SignatureError[] = [];
  const passes = (test: () => boolean): boolean => {
    try {
      return test();
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      faults.push(error);
      return false;
    }
  };
  // Each signature is verified once: authorities that certify each other make many paths.
  const issuers = new Map<Certificate, Certificate[]>();
  const issuersOf = (certificate: Certificate): Certificate[] => {
    const known =
      issuers.get(certificate) ??
      [...anchors, ...others].filter(
        (one) => one.subject.equals(certificate.issuer) && passes(() => hasIssued(one, certificate)),
      );
    issuers.set(certificate, known);
    return known;
  };
  function* pathsFrom(path: Path): Generator<Path> {
    const last = path.at(-1) as Certificate;
    if (anchors.some(({ x509 }) => x509.raw.equals(last.x509.raw))) yield path;
    else if (path.length < MAX_LENGTH)
      for (const issuer of issuersOf(last)) if (!path.includes(issuer)) yield* pathsFrom([...path, issuer]);
  }
  for (const path of pathsFrom([leaf])) {
    const isValid = passes(() => {
      check(path);
      return true;
    });
    if (isValid) return path;
  }
  throw (
    faults[0] ??
    new SignatureError('CERTIFICATE_UNTRUSTED', `${nameOf(leaf)} is not issued by a trusted authority`)
  );
}

const hasIssued = (issuer: Certificate, { signatureAlgorithm, signed, signature }: Certificate): boolean =>
  isSignedBy(issuer.x509.publicKey, signatureAlgorithm, signed, signature);
