import { randomBytes } from 'node:crypto';
import { sessionCookie } from '@lienthong/console/testing';
import { createSealer } from '@lienthong/kit';
import { startProcess } from './process.ts';
import type { Target } from './target.ts';

export interface BenchConsole {
  url: string;
  pid: number;
  /** The Cookie header of a system of the agency that has signed in. */
  signIn(agencyId: string): Promise<string>;
  stop(): Promise<void>;
}

/** A console as a process of its own. */
export async function startBenchConsole(target: Target, connections: number): Promise<BenchConsole> {
  const keys = `bench:${randomBytes(32).toString('base64')}`;
  const { line, pid, stop } = await startProcess(
    new URL('../../services/console/src/main.ts', import.meta.url),
    /Console (\S+)/,
    {
      CONSOLE_LISTEN: '127.0.0.1:0',
      PLATFORM_ADDRESS: target.address,
      PLATFORM_TLS: 'false',
      OIDC_ISSUER: 'http://127.0.0.1:1',
      SESSION_KEYS: keys,
      CONNECTIONS: String(connections),
      CONNECTIONS_PER_ADDRESS: String(connections),
      METRICS_LISTEN: 'off',
      // As its README advises: what lives long, lives in the old space at once.
      NODE_OPTIONS: '--max-semi-space-size=8',
      LOG_LEVEL: 'warn',
    },
  );
  return {
    url: line,
    pid,
    signIn: async (agencyId) =>
      sessionCookie(createSealer(keys), {
        id: agencyId,
        accessToken: await target.token({ agencyId, officerId: 'bench', roles: ['system'] }),
        expiresAt: Date.now() + 3_600_000,
        fullName: 'Nguyễn Văn Mẫu',
      }),
    stop,
  };
}
