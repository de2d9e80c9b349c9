import { X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { Signer } from '../signer.ts';
import { digestClasses, ENVELOPED, EXCLUSIVE_C14N, SHA256, signatureUri } from './algorithms.ts';

/**
 * Signs a whole XML document with an enveloped signature (XMLDSig, URI "", exclusive canonical form, SHA-256).
 * @param into XPath of the element that gets the signature as its last child
 * @throws Error when the signer's algorithm is RSASSA-PSS, or the element is not there
 */
export async function signXml(xml: string, signer: Signer, into: string): Promise<string> {
  const uri = signatureUri(signer.algorithm);
  if (uri === undefined) throw new Error(`XML signatures are not made with ${signer.algorithm}`);
  const signed = new SignedXml({
    // The signer holds the key.
    privateKey: 'held by the signer',
    signatureAlgorithm: uri,
    canonicalizationAlgorithm: EXCLUSIVE_C14N,
    getKeyInfoContent: () => keyInfo(signer),
  });
  signed.HashAlgorithms = digestClasses;
  signed.SignatureAlgorithms = { [uri]: signingClass(uri, signer) };
  signed.addReference({
    xpath: '/*',
    isEmptyUri: true,
    transforms: [ENVELOPED, EXCLUSIVE_C14N],
    digestAlgorithm: SHA256,
  });
  await new Promise<void>((resolve, reject) =>
    signed.computeSignature(xml, { location: { reference: into, action: 'append' } }, (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  return signed.getSignedXml();
}

const keyInfo = ({ certificates }: Signer): string =>
  `<X509Data>${certificates.map((der) => `<X509Certificate>${Buffer.from(der).toString('base64')}</X509Certificate>`).join('')}</X509Data>`;

type Callback = (error: Error | null, value?: string) => void;

function signingClass(uri: string, signer: Signer) {
  return class {
    getAlgorithmName = () => uri;
    getSignature = (data: unknown, _key: unknown, done?: Callback): string => {
      Promise.resolve(signer.sign(Buffer.from(String(data)))).then(
        (value) => done?.(null, toXmlValue(signer, value).toString('base64')),
        (error) => done?.(error instanceof Error ? error : new Error(String(error))),
      );
      return '';
    };
    verifySignature = (): never => {
      throw new Error('only signs');
    };
  };
}

/** An ECDSA signature is two numbers of equal length in XML, and DER elsewhere. */
function toXmlValue({ algorithm, certificates }: Signer, value: Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  if (!algorithm.startsWith('ES')) return bytes;
  const { namedCurve } =
    new X509Certificate(certificates[0] as Uint8Array).publicKey.asymmetricKeyDetails ?? {};
  const length = namedCurve === 'secp384r1' ? 48 : 32;
  // SEQUENCE of two INTEGERs, each under 128 bytes.
  const first = bytes.subarray(4, 4 + (bytes[3] ?? 0));
  const at = 4 + first.length;
  const second = bytes.subarray(at + 2, at + 2 + (bytes[at + 1] ?? 0));
  const fixed = (number: Buffer): Buffer => {
    const digits = number.subarray(Math.max(0, number.length - length));
    return Buffer.concat([Buffer.alloc(length - digits.length), digits]);
  };
  return Buffer.concat([fixed(first), fixed(second)]);
}
