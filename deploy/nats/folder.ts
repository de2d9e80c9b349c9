import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { nkeys } from '@nats-io/nats-core';
import { type User, userClaims } from './accounts.ts';
import { type KeyPair, pairOf, parseCredentials, seedOf, signJwt, toCredentials } from './jwt.ts';

const DAY_S = 86_400;

export interface FolderOptions {
  /** Nothing is written. */
  dryRun: boolean;
  days: number;
  /** Seconds since 1970. */
  now: number;
  report(line: string): void;
}

/** The folder of all keys and credentials. Its files are for its owner alone, and replaced at once. */
export function openFolder(root: string, { dryRun, days, now, report }: FolderOptions) {
  const read = (name: string): string | undefined => {
    const file = join(root, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };

  function write(name: string, text: string): boolean {
    if (read(name) === text) return false;
    if (dryRun) return true;
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    // The mode above counts only for a new file.
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
    return true;
  }

  return {
    read,
    /** Writes a file, and reports it when it changed. */
    place(name: string, text: string): void {
      if (write(name, text)) report(`write   ${name}`);
    },
    /** A key pair that is made once. */
    key(name: string, make: () => KeyPair): KeyPair {
      const kept = read(name)?.trim();
      const pair = kept === undefined ? make() : pairOf(kept);
      if (kept === undefined && write(name, `${seedOf(pair)}\n`)) report(`make    ${name}`);
      return pair;
    },
    /**
     * Credentials of a user: kept while they grant what they should and more than a quarter of their days is left;
     * otherwise issued again, for the same key.
     */
    credentials(name: string, user: User, account: KeyPair): void {
      const text = read(name);
      const kept = text === undefined ? undefined : parseCredentials(text);
      const pair = kept ? pairOf(kept.seed) : nkeys.createUser();
      const claims = userClaims(user, pair.getPublicKey());
      const same = JSON.stringify(kept?.claims.nats) === JSON.stringify(claims.nats);
      const left = (kept?.claims.exp ?? now) - now;
      if (kept && same && left > (days * DAY_S) / 4) {
        report(`keep    ${name} until ${dateOf(kept.claims.exp)}`);
        return;
      }
      const exp = now + Math.round(days * DAY_S);
      write(name, toCredentials(signJwt({ ...claims, iat: now, exp }, account), seedOf(pair)));
      const why = kept === undefined ? 'issue  ' : left > 0 ? 'renew  ' : 'EXPIRED';
      report(`${why} ${name} until ${dateOf(exp)}`);
    },
    /** Takes credentials out of use: they are refused from now on. */
    revoke(name: string): void {
      const text = read(name);
      if (text === undefined) throw new Error(`there is no ${name}`);
      report(`revoke  ${name}`);
      if (dryRun) return;
      write(`revoked/${parseCredentials(text).claims.sub}.creds`, text);
      rmSync(join(root, name));
    },
    /** The users whose credentials were revoked, with the second up to which they are refused. */
    revoked(): Record<string, number> {
      const folder = join(root, 'revoked');
      const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.creds')) : [];
      return Object.fromEntries(
        files.sort().map((file) => {
          const { claims } = parseCredentials(readFileSync(join(folder, file), 'utf8'));
          return [claims.sub, claims.exp ?? now];
        }),
      );
    },
    /** The names in a folder of this one. */
    names(name: string): string[] {
      const folder = join(root, name);
      return existsSync(folder) ? readdirSync(folder) : [];
    },
  };
}
export type Folder = ReturnType<typeof openFolder>;

const dateOf = (seconds = 0): string => new Date(seconds * 1000).toISOString().slice(0, 10);
