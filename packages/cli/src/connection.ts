import { readFile } from 'node:fs/promises';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type Environment, readEnvironment } from './config.ts';
import { Exit, Failure, usage } from './failure.ts';
import { type Login, readLogins } from './logins.ts';
import { tokenFromFile, tokenFromIssuer } from './token.ts';

/** The options that every command takes. */
export interface ConnectionOptions {
  address?: string;
  ca?: string;
  plaintext?: boolean;
  tokenFile?: string;
  cert?: string;
  key?: string;
  login?: string;
  timeout?: number;
}

/** The login, and over it the environment and the options. @throws Failure */
export async function readLogin(
  options: ConnectionOptions,
  { settings, loginsFile }: Environment = readEnvironment(),
): Promise<Login & { token?: string }> {
  const { current, logins } = await readLogins(loginsFile);
  const name = options.login ?? settings.login;
  const login = Object.hasOwn(logins, name ?? current) ? logins[name ?? current] : undefined;
  if (name !== undefined && login === undefined)
    throw new Failure(
      Exit.NO_LOGIN,
      `there is no login ${name}; there are: ${Object.keys(logins).join(', ') || 'none'}`,
    );
  const given = { ...defined(settings), ...defined(options) };
  const address = given.address ?? login?.address;
  if (address === undefined)
    throw new Failure(
      Exit.NO_LOGIN,
      'Chưa đăng nhập: dùng lienthong login, --address hoặc LIENTHONG_ADDRESS.\n' +
        'Not logged in: use lienthong login, --address or LIENTHONG_ADDRESS.',
    );
  // What is given in its place ends the login's own way to say who calls.
  const isOther = [given.token, given.tokenFile, given.cert].some((one) => one !== undefined);
  const { tokenFile, issuer, cert, key, ...line } = login ?? { address };
  return { ...line, ...(isOther ? {} : { tokenFile, issuer, cert, key }), ...given, address };
}

/** Where the platform is, and what the line to it needs; `tls` is absent for plain text. @throws Failure */
export async function readLine({ address, plaintext, ca, cert, key }: Login): Promise<{
  address: string;
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer };
}> {
  if (!/^.+:\d+$/.test(address)) throw usage(`the address ${address} must be host:port`);
  if ((cert === undefined) !== (key === undefined)) throw usage('--cert and --key come together');
  if (plaintext) return { address };
  const [caPem, certPem, keyPem] = await Promise.all([ca, cert, key].map(readPem));
  return { address, tls: { ca: caPem, cert: certPem, key: keyPem } };
}

export async function connect(options: ConnectionOptions): Promise<AgencyClient> {
  const { token, tokenFile, issuer, ...login } = await readLogin(options);
  const line = await readLine(login);
  try {
    return connectAgency({
      ...line,
      token: tokenOf({ token, tokenFile, issuer }),
      ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
    });
  } catch (error) {
    throw usage(`the certificates cannot be used: ${(error as Error).message}`, error);
  }
}

function tokenOf({ token, tokenFile, issuer }: Pick<Login, 'tokenFile' | 'issuer'> & { token?: string }) {
  if (token !== undefined) return () => token;
  if (tokenFile !== undefined) return tokenFromFile(tokenFile);
  return issuer && tokenFromIssuer(issuer);
}

async function readPem(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw usage(`${file} cannot be read (${error.code})`, error);
  });
}

const defined = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
