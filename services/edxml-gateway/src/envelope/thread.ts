/** What runs in the thread of envelopes. */
import { readFileSync } from 'node:fs';
import {
  keySigner,
  readTrust,
  type Signer,
  signXml,
  type Trust,
  type Verdict,
  verifyXml,
} from '@lienthong/signatures';

/** The key that signs envelopes, and its certificates; PEM. */
export interface SigningFiles {
  keyFile: string;
  certificateFile: string;
}

/** Whose signatures of envelopes count; PEM. */
export interface TrustFiles {
  authoritiesFile: string;
  /** undefined: revocation is not checked. */
  crlFile: string | undefined;
}

/** Where QCVN 102:2016 has the signature. */
const HEADER = `/*/*[local-name()='edXMLEnvelope']/*[local-name()='edXMLHeader']`;

/** @throws Error for files that cannot be used */
export function readSigner({ keyFile, certificateFile }: SigningFiles): Signer {
  const signer = keySigner({
    key: readFileSync(keyFile),
    certificates: readFileSync(certificateFile, 'utf8'),
  });
  if (signer.algorithm.startsWith('PS'))
    throw new Error(`${keyFile} makes RSASSA-PSS, which XML signatures do not have`);
  return signer;
}

/** @throws Error for files that cannot be used */
export const readTrustFiles = ({ authoritiesFile, crlFile }: TrustFiles): Trust =>
  readTrust({
    authorities: readFileSync(authoritiesFile, 'utf8'),
    crls: crlFile === undefined ? '' : readFileSync(crlFile, 'utf8'),
  });

/** The package with a signature of it as a whole. Files are read each time: renewed ones replace them. */
export async function sign(edxml: Uint8Array, files: SigningFiles): Promise<Uint8Array> {
  return Buffer.from(await signXml(Buffer.from(edxml).toString('utf8'), readSigner(files), HEADER));
}

/** @param at certificates count as they were then */
export const verify = (edxml: Uint8Array, files: TrustFiles, at: Date): Promise<Verdict> =>
  verifyXml(edxml, { trust: readTrustFiles(files), at });
