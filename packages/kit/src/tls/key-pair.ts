import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';

export interface KeyPairFiles {
  /** PEM: the certificate, then those between it and its authority. */
  certFile: string;
  /** PEM, without a password. */
  keyFile: string;
}

/** A certificate with its chain, and its key. */
export interface KeyPair {
  cert: string;
  key: string;
  expiresAt: Date;
}

/** @throws with words when a file cannot be read, the key is not that of the certificate, or it is not valid now */
export async function readKeyPair({ certFile, keyFile }: KeyPairFiles, now: Date): Promise<KeyPair> {
  const [cert, key] = await Promise.all([certFile, keyFile].map((file) => readFile(file, 'utf8')));
  const leaf = parse(certFile, 'a certificate', () => new X509Certificate(cert as string));
  const secret = parse(keyFile, 'a private key', () => createPrivateKey(key as string));
  if (!leaf.checkPrivateKey(secret))
    throw new Error(`the key in ${keyFile} does not belong to the certificate in ${certFile}`);
  if (now < leaf.validFromDate)
    throw new Error(`the certificate in ${certFile} is valid from ${leaf.validFromDate.toISOString()} on`);
  if (now > leaf.validToDate)
    throw new Error(`the certificate in ${certFile} has expired at ${leaf.validToDate.toISOString()}`);
  return { cert: cert as string, key: key as string, expiresAt: leaf.validToDate };
}

function parse<T>(file: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${file} does not begin with ${what} in PEM`, { cause });
  }
}

/** How long a client may take for the handshake, in milliseconds. */
export const HANDSHAKE_MS = 10_000;

/** The oldest version of TLS that the platform speaks, as server and as client. */
export const MIN_VERSION = 'TLSv1.3';

export const toContext = ({ cert, key }: KeyPair): SecureContextOptions => ({
  cert,
  key,
  minVersion: MIN_VERSION,
});
