import { errors, flattenedVerify } from 'jose';
import { z } from 'zod';
import { ALGORITHMS, checkKey } from '../algorithms.ts';
import { describeCertificate, readCertificate } from '../certificates/certificate.ts';
import { checkChain } from '../certificates/chain.ts';
import { type Against, MAX_SIGNATURE_BYTES } from '../cms/verify.ts';
import { claimedTime, malformed, SignatureError, type Verdict, verdictOf } from '../verdict.ts';

const header = z.looseObject({
  alg: z.string(),
  x5c: z.array(z.base64()).min(1).max(10),
  'x5t#S256': z.string().optional(),
  iat: z.number().optional(),
});

/**
 * Checks a detached JWS (RFC 7515, appendix F): "header..signature", with the signer's certificates in `x5c`; the payload
 * is the content itself (RFC 7797) or its Base64url. Never throws for bytes.
 */
export const verifyJws = (
  signature: Uint8Array,
  content: Uint8Array,
  { trust, at }: Against,
): Promise<Verdict> =>
  verdictOf(async (found) => {
    if (signature.length > MAX_SIGNATURE_BYTES)
      throw new SignatureError('SIGNATURE_TOO_LARGE', `a signature has at most ${MAX_SIGNATURE_BYTES} bytes`);
    const [, encoded = '', value = ''] =
      /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]+)$/.exec(Buffer.from(signature).toString('latin1')) ?? [];
    if (encoded === '') throw malformed('it is not "header..signature"');
    const text: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    const { alg, x5c, 'x5t#S256': thumbprint, iat } = header.parse(text);
    const certificates = x5c.map((der) => readCertificate(Buffer.from(der, 'base64')));
    const [own] = certificates as [(typeof certificates)[0], ...typeof certificates];
    const certificate = describeCertificate(own);
    found.certificate = certificate;
    if (iat !== undefined) found.signedAt = claimedTime(new Date(iat * 1000));
    if (!(ALGORITHMS as readonly string[]).includes(alg))
      throw new SignatureError('ALGORITHM_REFUSED', `signature algorithm ${alg.slice(0, 20)}`);
    checkKey(own.x509.publicKey);
    if (
      thumbprint !== undefined &&
      Buffer.from(thumbprint, 'base64url').toString('hex') !== certificate.fingerprint
    )
      throw new SignatureError('SIGNATURE_WRONG', 'the signature names another certificate');
    const isPlain = (text as { b64?: unknown }).b64 === false;
    const payload = isPlain ? content : Buffer.from(content).toString('base64url');
    const jws = { protected: encoded, payload, signature: value };
    await flattenedVerify(jws, own.x509.publicKey, { algorithms: [...ALGORITHMS] }).catch((error) => {
      // A JWS does not tell which of the two is wrong: the content or the signature.
      if (error instanceof errors.JWSSignatureVerificationFailed)
        throw new SignatureError(
          'CONTENT_CHANGED',
          'the signature is about other content, or of another key',
        );
      throw error;
    });
    return { certificate, ...checkChain(own, certificates, { trust, at }, found) };
  });
