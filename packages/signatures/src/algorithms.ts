import { constants, type KeyObject, verify } from 'node:crypto';
import { id_mgf1, id_RSASSA_PSS, RsaSaPssParams } from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { SignatureError } from './verdict.ts';

export type Hash = 'sha256' | 'sha384' | 'sha512';

/** What JWS calls a signature algorithm. */
export type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384';

export const ALGORITHMS: readonly Algorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
];

const HASHES: Readonly<Record<string, Hash>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const RSA_WITH: Readonly<Record<string, Hash>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
const ECDSA_WITH: Readonly<Record<string, Hash>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

const MIN_RSA_BITS = 2048;
/** A larger key would only make the check slow. */
const MAX_RSA_BITS = 8192;
/** A smaller one makes forgeries easier (FIPS 186-5). */
const MIN_RSA_EXPONENT = 65_537n;
const CURVES: readonly string[] = ['prime256v1', 'secp384r1'];

const refused = (detail: string): SignatureError => new SignatureError('ALGORITHM_REFUSED', detail);

/** @throws SignatureError for a hash function that is not of SHA-2 */
export function hashOf({ algorithm }: AlgorithmIdentifier): Hash {
  const hash = HASHES[algorithm];
  if (hash === undefined) throw refused(`hash algorithm ${algorithm}`);
  return hash;
}

export function hashIdentifier(hash: Hash): AlgorithmIdentifier {
  const [algorithm] = Object.entries(HASHES).find(([, name]) => name === hash) as [string, Hash];
  return new AlgorithmIdentifier({ algorithm });
}

/** @throws SignatureError for a key that is too short, too long, or of another kind than RSA and ECDSA P-256 and P-384 */
export function checkKey(key: KeyObject): void {
  const { modulusLength: bits = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'rsa' || type === 'rsa-pss') {
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) throw refused(`an RSA key of ${bits} bits`);
    if (publicExponent < MIN_RSA_EXPONENT) throw refused(`an RSA key with the exponent ${publicExponent}`);
  } else if (type !== 'ec' || !CURVES.includes(namedCurve))
    throw refused(`a key of type ${type ?? ''} ${namedCurve}`.trim());
}

/**
 * True when the key has signed the data.
 * @param digest the hash function where the algorithm names none ("rsaEncryption")
 * @throws SignatureError for a key or algorithm that is not accepted
 */
export function isSignedBy(
  key: KeyObject,
  algorithm: AlgorithmIdentifier,
  data: Uint8Array,
  signature: Uint8Array,
  digest?: Hash,
): boolean {
  checkKey(key);
  const isRsa = key.asymmetricKeyType !== 'ec';
  if (algorithm.algorithm === id_RSASSA_PSS && isRsa) {
    const { hash, saltLength } = pssOf(algorithm);
    return verify(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
  }
  const named = isRsa ? RSA_WITH[algorithm.algorithm] : ECDSA_WITH[algorithm.algorithm];
  const hash = named ?? (isRsa && algorithm.algorithm === RSA_ENCRYPTION ? digest : undefined);
  if (hash === undefined || key.asymmetricKeyType === 'rsa-pss')
    throw refused(`signature algorithm ${algorithm.algorithm}`);
  return verify(hash, data, key, signature);
}

function pssOf({ parameters }: AlgorithmIdentifier): { hash: Hash; saltLength: number } {
  if (!parameters) throw refused('RSASSA-PSS with SHA-1');
  const { hashAlgorithm, maskGenAlgorithm, saltLength, trailerField } = AsnConvert.parse(
    parameters,
    RsaSaPssParams,
  );
  const hash = hashOf(hashAlgorithm);
  const maskHash =
    maskGenAlgorithm.algorithm === id_mgf1 && maskGenAlgorithm.parameters
      ? hashOf(AsnConvert.parse(maskGenAlgorithm.parameters, AlgorithmIdentifier))
      : undefined;
  if (maskHash !== hash || trailerField !== 1 || saltLength < 0 || saltLength > 64)
    throw refused('parameters of RSASSA-PSS');
  return { hash, saltLength };
}

/** The identifier of an algorithm in a CMS signature. */
export function signatureIdentifier(algorithm: Algorithm): AlgorithmIdentifier {
  const hash = hashOfAlgorithm(algorithm);
  const idOf = (ids: Readonly<Record<string, Hash>>) =>
    (Object.entries(ids).find(([, name]) => name === hash) as [string, Hash])[0];
  if (algorithm.startsWith('ES')) return new AlgorithmIdentifier({ algorithm: idOf(ECDSA_WITH) });
  if (algorithm.startsWith('RS'))
    return new AlgorithmIdentifier({ algorithm: idOf(RSA_WITH), parameters: NULL });
  const hashAlgorithm = new AlgorithmIdentifier({ algorithm: idOf(HASHES), parameters: NULL });
  const maskGenAlgorithm = new AlgorithmIdentifier({
    algorithm: id_mgf1,
    parameters: AsnConvert.serialize(hashAlgorithm),
  });
  const saltLength = Number(algorithm.slice(2)) / 8;
  return new AlgorithmIdentifier({
    algorithm: id_RSASSA_PSS,
    parameters: AsnConvert.serialize(new RsaSaPssParams({ hashAlgorithm, maskGenAlgorithm, saltLength })),
  });
}

const NULL = Uint8Array.of(5, 0).buffer;

export const hashOfAlgorithm = (algorithm: Algorithm): Hash => `sha${algorithm.slice(2)}` as Hash;
