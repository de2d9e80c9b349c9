import { hash } from 'node:crypto';
import type { Signer } from '../signer.ts';

/** A detached JWS over the content itself (RFC 7797): "header..signature" in ASCII. */
export async function signJws(
  content: Uint8Array,
  { certificates, algorithm, sign }: Signer,
  signedAt: Date,
): Promise<Buffer> {
  const [own] = certificates;
  if (!own) throw new Error('a signer needs a certificate');
  const header = Buffer.from(
    JSON.stringify({
      alg: algorithm,
      b64: false,
      crit: ['b64'],
      iat: Math.floor(signedAt.getTime() / 1000),
      'x5t#S256': hash('sha256', own, 'base64url'),
      x5c: certificates.map((der) => Buffer.from(der).toString('base64')),
    }),
  ).toString('base64url');
  const signature = Buffer.from(await sign(Buffer.concat([Buffer.from(`${header}.`), content])));
  const value = algorithm.startsWith('ES')
    ? plainEcdsa(signature, algorithm === 'ES384' ? 48 : 32)
    : signature;
  return Buffer.from(`${header}..${value.toString('base64url')}`);
}

/** The two numbers of a DER ECDSA signature, each of the curve's size, as JWS has them. */
function plainEcdsa(der: Buffer, size: number): Buffer {
  // SEQUENCE { INTEGER r, INTEGER s }: for these curves every length is one byte.
  const rLength = der[3] as number;
  const numbers = [der.subarray(4, 4 + rLength), der.subarray(6 + rLength)];
  return Buffer.concat(
    numbers.map((number) => {
      const plain = number.length > size ? number.subarray(number.length - size) : number;
      return Buffer.concat([Buffer.alloc(size - plain.length), plain]);
    }),
  );
}
