import { resolve } from 'node:path';
import { LienThongError, Status } from '@lienthong/client';
import type { GlobalOptions } from './command.ts';
import { readEnvironment } from './config.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { Exit, Failure, usage } from './failure.ts';
import { type IssuerLogin, keepLogins, type Login, readLogins } from './logins.ts';
import { createOutput } from './output/output.ts';
import { today } from './output/words.ts';
import { readText, tokenFromIssuer } from './token.ts';

interface LoginOptions extends GlobalOptions {
  name: string;
  issuer?: string;
  clientId?: string;
  clientSecretFile?: string;
  scope?: string;
  resource?: string;
}

/** Tries the login with a call that every caller may make, then keeps it. @throws Failure, LienThongError */
export async function logIn(options: LoginOptions): Promise<void> {
  const { loginsFile, settings } = readEnvironment();
  const login = loginOf({ ...settings, ...options });
  await tryLogin(login, options);
  const { logins } = await readLogins(loginsFile);
  await keepLogins(loginsFile, { current: options.name, logins: { ...logins, [options.name]: login } });
  createOutput(options.output).one({ name: options.name, ...login }, () => [
    `Đã đăng nhập ${login.address} (${options.name}) / logged in; kept in ${loginsFile}`,
  ]);
}

export async function logOut({ login, output }: GlobalOptions): Promise<void> {
  const { loginsFile, settings } = readEnvironment();
  const { current, logins } = await readLogins(loginsFile);
  const name = login ?? settings.login ?? current;
  const { [name]: forgotten, ...kept } = logins;
  if (forgotten === undefined) throw new Failure(Exit.NO_LOGIN, `there is no login ${name}`);
  const next = current === name ? (Object.keys(kept)[0] ?? '') : current;
  await keepLogins(loginsFile, { current: next, logins: kept });
  createOutput(output).one({ name, current: next }, () => [`Đã bỏ / forgotten: ${name}`]);
}

function loginOf(options: Omit<LoginOptions, 'output' | 'name'>): Login {
  const { address, plaintext, ca, tokenFile, cert, key } = options;
  if (address === undefined) throw usage('login needs --address host:port');
  const issuer = issuerOf(options);
  const ways = [tokenFile, cert, issuer].filter((one) => one !== undefined).length;
  if (ways !== 1)
    throw usage('login needs one of --token-file, --cert with --key, or --issuer with --client-id');
  return {
    address,
    ...(plaintext && { plaintext }),
    ...paths({ ca, tokenFile, cert, key }),
    ...(issuer && { issuer }),
  };
}

function issuerOf({
  issuer: url,
  clientId,
  clientSecretFile,
  scope,
  resource,
}: Partial<LoginOptions>): IssuerLogin | undefined {
  if (url === undefined) return undefined;
  if (!URL.canParse(url)) throw usage(`--issuer ${url} must be an address such as https://sso.example.vn`);
  if (clientId === undefined || clientSecretFile === undefined)
    throw usage('--issuer needs --client-id and --client-secret-file');
  return {
    url,
    clientId,
    clientSecretFile: resolve(clientSecretFile),
    ...(scope && { scope }),
    ...(resource && { resource }),
  };
}

/** Absolute, because the login is used in other folders. */
const paths = (files: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, resolve(file)]])),
  );

async function tryLogin(login: Login, { timeout, output }: GlobalOptions): Promise<void> {
  // Errors of a file or provider have words of their own; those of a call's credentials do not.
  const { tokenFile, issuer } = login;
  const token = issuer
    ? await tokenFromIssuer(issuer)()
    : tokenFile && (await readText(tokenFile, 'the file of the token')).trim();
  const options: ConnectionOptions & { token?: string } = {
    ...login,
    ...(timeout && { timeout }),
    ...(token && { token }),
  };
  const client = await connect(options);
  try {
    await client.directory.resolveCode({ code: { scheme: '', code: 'H' }, at: today() });
  } catch (error) {
    // The platform knows the caller, and no such code.
    const isKnown =
      error instanceof LienThongError &&
      [Status.NOT_FOUND, Status.INVALID_ARGUMENT, Status.PERMISSION_DENIED].includes(error.code);
    if (!isKnown) throw error;
    if (error.code === Status.PERMISSION_DENIED) createOutput(output).note(error.details);
  } finally {
    client.close();
  }
}
