import { createHash, type KeyObject, verify } from 'node:crypto';
import type { HashAlgorithm, SignatureAlgorithm } from 'xml-crypto';
import { type Algorithm, type Hash, hashOfAlgorithm } from '../algorithms.ts';

export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const ENVELOPED = `${XMLDSIG}enveloped-signature`;
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const INCLUSIVE_C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

/** URIs of RFC 9231 for what the platform signs with and accepts. RSASSA-PSS is not among them: few systems know it. */
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const SIGNATURES: Readonly<Record<string, Algorithm>> = {
  [`${MORE}rsa-sha256`]: 'RS256',
  [`${MORE}rsa-sha384`]: 'RS384',
  [`${MORE}rsa-sha512`]: 'RS512',
  [`${MORE}ecdsa-sha256`]: 'ES256',
  [`${MORE}ecdsa-sha384`]: 'ES384',
};
const DIGESTS: Readonly<Record<string, Hash>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  [`${MORE}sha384`]: 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

export const isAcceptedSignature = (uri: string): boolean => Object.hasOwn(SIGNATURES, uri);
export const isAcceptedDigest = (uri: string): boolean => Object.hasOwn(DIGESTS, uri);

/** The URI of an algorithm, undefined for one that XML signatures here do not have. */
export const signatureUri = (algorithm: Algorithm): string | undefined =>
  Object.keys(SIGNATURES).find((uri) => SIGNATURES[uri] === algorithm);

type Classes<T> = Record<string, new () => T>;

/** The digests that xml-crypto may use. */
export const digestClasses: Classes<HashAlgorithm> = Object.fromEntries(
  Object.entries(DIGESTS).map(([uri, hash]) => [
    uri,
    class {
      getAlgorithmName = () => uri;
      getHash = (xml: string) => createHash(hash).update(xml, 'utf8').digest('base64');
    },
  ]),
);

/** The signature algorithms that xml-crypto may verify with the key. */
export const verifyingClasses = (key: KeyObject): Classes<SignatureAlgorithm> =>
  Object.fromEntries(
    Object.entries(SIGNATURES).map(([uri, algorithm]) => [
      uri,
      class {
        getAlgorithmName = () => uri;
        getSignature = (): never => {
          throw new Error('only verifies');
        };
        verifySignature = (signed: string, _key: unknown, value: string): boolean =>
          (key.asymmetricKeyType === 'ec') === algorithm.startsWith('ES') &&
          verify(
            hashOfAlgorithm(algorithm),
            Buffer.from(signed),
            { key, dsaEncoding: 'ieee-p1363' },
            Buffer.from(value, 'base64'),
          );
      },
    ]),
  );
