import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issued } from './issue.ts';

/** A certificate authority for one machine, and its certificate for the servers there. */
export interface DevelopmentAuthority {
  caFile: string;
  certFile: string;
  keyFile: string;
  /** Ends the renewal. */
  close(): void;
}

const NAME = 'Lien Thong development authority';
const DAY_MS = 24 * 3600 * 1000;
const AUTHORITY_DAYS = 3650;
const CERTIFICATE_DAYS = 90;
/** A certificate is renewed when fewer days are left. */
const RENEW_DAYS = 30;

export interface AuthorityOptions {
  /** Host names of the certificate, which is always valid for 127.0.0.1, too. */
  names?: readonly string[];
  /** Called while the process runs, with the error of a renewal that failed and is tried again in a day. */
  onRenewal?: (error?: unknown) => void;
}

/**
 * Keeps an authority and its certificate in the folder; makes them when they are absent, and again before they expire or
 * when the names change. A new authority has to be trusted again by clients.
 */
export async function developmentAuthority(
  folder: string,
  { names = ['localhost'], onRenewal = () => {} }: AuthorityOptions = {},
): Promise<DevelopmentAuthority> {
  const of = (name: string) => join(folder, name);
  const files = { caFile: of('ca.pem'), certFile: of('cert.pem'), keyFile: of('key.pem') };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await renew();
  const renewLater = () => renew().then((changed) => changed && onRenewal(), onRenewal);
  const timer = setInterval(renewLater, DAY_MS).unref();
  return { ...files, close: () => clearInterval(timer) };

  /** Whether it has made something. */
  async function renew(): Promise<boolean> {
    const authority = kept(files.caFile, of('ca-key.pem'));
    const certificate = kept(files.certFile, files.keyFile);
    const fits = certificate && names.every((name) => certificate.cert.checkHost(name) !== undefined);
    if (authority && fits && certificate.cert.checkIssued(authority.cert)) return false;
    // Loading what makes certificates takes longer than the rest of this.
    const { issueAuthority, issueForServer } = await import('./issue.ts');
    const made = authority === undefined ? issueAuthority(NAME, AUTHORITY_DAYS) : undefined;
    if (made) place(made, files.caFile, of('ca-key.pem'));
    const key = createPrivateKey(readFileSync(of('ca-key.pem')));
    place(issueForServer({ commonName: NAME, key }, names, CERTIFICATE_DAYS), files.certFile, files.keyFile);
    return true;
  }
}

/** Undefined: it is absent, or expires soon. */
function kept(certFile: string, keyFile: string): { cert: X509Certificate } | undefined {
  try {
    const cert = new X509Certificate(readFileSync(certFile));
    const left = cert.validToDate.getTime() - Date.now();
    const fits = cert.checkPrivateKey(createPrivateKey(readFileSync(keyFile)));
    return fits && left > RENEW_DAYS * DAY_MS ? { cert } : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The key first: a certificate without its key is made again at the next start. */
function place({ cert, key }: Issued, certFile: string, keyFile: string): void {
  for (const [file, content] of [
    [keyFile, key],
    [certFile, cert],
  ] as const) {
    writeFileSync(`${file}.new`, content, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
