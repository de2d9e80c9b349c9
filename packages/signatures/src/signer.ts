import { constants, createPrivateKey, KeyObject, sign, X509Certificate } from 'node:crypto';
import { type Algorithm, hashOfAlgorithm } from './algorithms.ts';

/** Who signs: a certificate, and something that holds its key, such as an HSM. */
export interface Signer {
  /** DER; the signer's own first, then those of the authorities above it, without the root. */
  certificates: readonly Uint8Array[];
  algorithm: Algorithm;
  /** Signs the data itself (not its hash); an ECDSA signature is DER, as HSMs and OpenSSL give it. */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface KeyFiles {
  /** PEM (PKCS#8, PKCS#1 or SEC1), or the key itself. */
  key: string | Buffer | KeyObject;
  passphrase?: string;
  /** PEM; the signer's own certificate first. */
  certificates: string;
  /** By default RS256, ES256 or ES384, as the key is. */
  algorithm?: Algorithm;
}

/** A signer whose key is in memory. @throws Error when the key is not that of the first certificate */
export function keySigner({ key: given, passphrase, certificates: text, algorithm }: KeyFiles): Signer {
  const key = given instanceof KeyObject ? given : createPrivateKey({ key: given, passphrase });
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const certificates = blocks.map((block) => new X509Certificate(block));
  if (!certificates[0]?.checkPrivateKey(key)) throw new Error('the key is not that of the first certificate');
  const used = algorithm ?? usualAlgorithm(key);
  const options = used.startsWith('PS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : key;
  return {
    certificates: certificates.map(({ raw }) => raw),
    algorithm: used,
    sign: (data) => sign(hashOfAlgorithm(used), data, options),
  };
}

function usualAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  if (asymmetricKeyType === 'rsa-pss') return 'PS256';
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256';
}
