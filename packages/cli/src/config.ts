import { homedir } from 'node:os';
import { join } from 'node:path';

/** Settings of the command in the environment: what each option takes when it is absent. */
export const ENVIRONMENT = {
  address: 'LIENTHONG_ADDRESS',
  ca: 'LIENTHONG_CA',
  token: 'LIENTHONG_TOKEN',
  tokenFile: 'LIENTHONG_TOKEN_FILE',
  cert: 'LIENTHONG_CERT',
  key: 'LIENTHONG_KEY',
  login: 'LIENTHONG_LOGIN',
} as const;

export interface Environment {
  /** By the names of ENVIRONMENT; empty settings are absent. */
  settings: Partial<Record<keyof typeof ENVIRONMENT, string>>;
  /** Where logins are kept. */
  loginsFile: string;
}

/** The only place that reads the environment. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.entries(ENVIRONMENT).map(([name, variable]) => [name, env[variable] || undefined]);
  const folder = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return { settings: Object.fromEntries(given), loginsFile: join(folder, 'lienthong', 'logins.json') };
}
