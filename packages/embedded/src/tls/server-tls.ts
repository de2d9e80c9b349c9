import { chmodSync, chownSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SystemUser } from '../system-user.ts';

/** Files (PEM) of a server's certificate, its key, and the authority that clients trust. */
export interface ServerTls {
  caFile: string;
  certFile: string;
  keyFile: string;
}

/** Copies the pair for a server that runs as another user. */
export function copyPair(
  { certFile, keyFile }: ServerTls,
  toCert: string,
  toKey: string,
  user: SystemUser | undefined,
): void {
  placeFile(toKey, readFileSync(keyFile), user);
  placeFile(toCert, readFileSync(certFile), user);
}

/** Replaces a file at once; the server's user alone can read it. */
export function placeFile(file: string, content: string | Buffer, user: SystemUser | undefined): void {
  const next = `${file}.new`;
  writeFileSync(next, content, { mode: 0o600 });
  // The mode above counts only for a new file.
  chmodSync(next, 0o600);
  if (user) chownSync(next, user.uid, user.gid);
  renameSync(next, file);
}
