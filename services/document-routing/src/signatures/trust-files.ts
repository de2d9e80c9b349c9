import { readFileSync, statSync } from 'node:fs';
import { readTrust, type Trust } from '@lienthong/signatures';

/** Whom the platform believes as a certifier of signers, in files; can be cloned to a thread. */
export interface TrustFiles {
  authoritiesFile: string;
  /** undefined: revocation is not checked. */
  crlFile: string | undefined;
  requireRevocation: boolean;
}

/** Reads the files, and reads them again when they have changed. @throws Error for a file that cannot be read */
export function trustReader(): (files: TrustFiles) => Trust {
  let read: { version: string; trust: Trust } | undefined;
  return (files) => {
    const version = versionOf(files);
    if (read?.version !== version) read = { version, trust: trustOf(files) };
    return read.trust;
  };
}

/** Another text when a file has changed. */
export const versionOf = ({ authoritiesFile, crlFile }: TrustFiles): string =>
  [authoritiesFile, crlFile]
    .map((file) => {
      if (file === undefined) return '';
      const { mtimeMs, size, ino } = statSync(file);
      return `${mtimeMs} ${size} ${ino}`;
    })
    .join();

const trustOf = ({ authoritiesFile, crlFile, requireRevocation }: TrustFiles): Trust =>
  readTrust({
    authorities: readFileSync(authoritiesFile, 'utf8'),
    crls: crlFile === undefined ? '' : readFileSync(crlFile, 'utf8'),
    requireRevocation,
  });
