import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAgencyCode } from '@lienthong/kit';
import { keySigner, type Signer, signPdf } from '@lienthong/signatures';

/** The seals of agencies: keys that sign their papers. */
export interface Seals {
  /** The paper with the seal of the agency; as it is when the agency has none here. */
  seal(pdf: Buffer, agencyCode: string, at: Date): Promise<Buffer>;
}

const KEY = '.key.pem';
const CERTIFICATES = '.crt.pem';

/**
 * Reads the seals of a folder: for an agency `<code>.key.pem`, and `<code>.crt.pem` with its certificate first. Without a
 * folder no paper is sealed.
 * @throws Error for a file that cannot be read, or a key that is not that of its certificate
 */
export function openSeals(folder: string | undefined): Seals {
  const signers = new Map(folder === undefined ? [] : readSigners(folder));
  return {
    async seal(pdf, agencyCode, at) {
      const signer = signers.get(agencyCode);
      return signer ? signPdf(pdf, signer, at) : pdf;
    },
  };
}

function readSigners(folder: string): [agencyCode: string, signer: Signer][] {
  const codes = readdirSync(folder).flatMap((name) => (name.endsWith(KEY) ? name.slice(0, -KEY.length) : []));
  return codes.map((code) => {
    if (!isAgencyCode(code)) throw new Error(`the seal ${code}${KEY} is not named by an agency's code`);
    const key = readFileSync(join(folder, `${code}${KEY}`));
    const certificates = readFileSync(join(folder, `${code}${CERTIFICATES}`), 'utf8');
    try {
      return [code, keySigner({ key, certificates })];
    } catch (cause) {
      throw new Error(`the seal of ${code} cannot be used: ${(cause as Error).message}`, { cause });
    }
  });
}
