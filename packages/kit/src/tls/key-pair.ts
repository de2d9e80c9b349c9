import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';

export interface KeyPairFiles {
  /** PEM: the certificate, then those between it and its authority. */
  certFile: string;
  /** PEM, without a password. */
  keyFile: string;
  /** PEM: the authorities whose certificates clients may show; absent: those of all. */
  clientCaFile?: string | undefined;
}

/** A certificate with its chain, and its key. */
export interface KeyPair {
  cert: string;
  key: string;
  /** Of clients. */
  ca: string | undefined;
  expiresAt: Date;
}

/** @throws with words when a file cannot be read, the key is not that of the certificate, or it is not valid now */
export async function readKeyPair(
  { certFile, keyFile, clientCaFile }: KeyPairFiles,
  now: Date,
): Promise<KeyPair> {
  const [cert, key, ca] = await Promise.all([
    readFile(certFile, 'utf8'),
    readFile(keyFile, 'utf8'),
    clientCaFile === undefined ? undefined : readFile(clientCaFile, 'utf8'),
  ]);
  const leaf = parse(certFile, 'a certificate', () => new X509Certificate(cert));
  const secret = parse(keyFile, 'a private key', () => createPrivateKey(key));
  if (clientCaFile !== undefined)
    parse(clientCaFile, 'a certificate', () => new X509Certificate(ca as string));
  if (!leaf.checkPrivateKey(secret))
    throw new Error(`the key in ${keyFile} does not belong to the certificate in ${certFile}`);
  if (now < leaf.validFromDate)
    throw new Error(`the certificate in ${certFile} is valid from ${leaf.validFromDate.toISOString()} on`);
  if (now > leaf.validToDate)
    throw new Error(`the certificate in ${certFile} has expired at ${leaf.validToDate.toISOString()}`);
  return { cert, key, ca, expiresAt: leaf.validToDate };
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

export const toContext = ({ cert, key, ca }: KeyPair): SecureContextOptions => ({
  cert,
  key,
  ca,
  minVersion: MIN_VERSION,
});
