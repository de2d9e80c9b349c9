import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usage } from './failure.ts';

/** How to reach a platform and who calls. It names files and holds no secret itself. */
export interface Login {
  /** host:port */
  address: string;
  /** Without TLS, as a platform on this machine may speak. */
  plaintext?: boolean;
  /** PEM; absent: the system's authorities. */
  ca?: string;
  tokenFile?: string;
  issuer?: IssuerLogin;
  cert?: string;
  key?: string;
}

/** An OpenID provider that gives tokens to a system (client credentials). */
export interface IssuerLogin {
  url: string;
  clientId: string;
  clientSecretFile: string;
  scope?: string;
  resource?: string;
}

export interface Logins {
  /** The one that is used unless another is named. */
  current: string;
  logins: Record<string, Login>;
}

/** @throws Failure when the file is not one that `keepLogins` wrote */
export async function readLogins(file: string): Promise<Logins> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw usage(`${file} cannot be read (${error.code})`, error);
  });
  if (text === undefined) return { current: '', logins: {} };
  try {
    const { current, logins } = JSON.parse(text) as Logins;
    if (typeof current === 'string' && typeof logins === 'object' && logins !== null)
      return { current, logins };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw usage(`${file} is not a file of logins; remove it and log in again`);
}

/** Whole or not at all, for this user alone. */
export async function keepLogins(file: string, logins: Logins): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(logins, undefined, 2)}\n`, { mode: 0o600 });
  await rename(aside, file);
}
