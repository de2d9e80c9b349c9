import { isIP } from 'node:net';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { type Certificate, openCertificate } from './certificate.ts';

/** How the listeners of a process protect their connections. */
export interface ListenTls {
  /** Absent: they speak plain text. */
  certificate?: Certificate;
  /** Plain text is allowed on addresses that other machines reach. */
  atProxy: boolean;
}

/** Plain text, on addresses of this machine alone. */
export const LOOPBACK_ONLY: ListenTls = { atProxy: false };

export const tlsSettings = z.object({
  TLS_CERT_FILE: z
    .string()
    .optional()
    .describe('a PEM file with the certificate of all listeners and its chain; they then speak TLS 1.3 only'),
  TLS_KEY_FILE: z.string().optional().describe('a PEM file with the key of TLS_CERT_FILE'),
  TLS_CLIENT_CA_FILE: z
    .string()
    .optional()
    .describe(
      'a PEM file with authorities: the certificates of systems must be theirs, besides being registered; absent: those of any authority',
    ),
  TLS_AT_PROXY: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('"true": a proxy ends TLS, so listeners may speak plain text on addresses that others reach'),
});
export type TlsSettings = z.output<typeof tlsSettings>;

/** @throws with words when one file is set without the other, or they cannot be used */
export async function openListenTls(settings: TlsSettings, log: Logger): Promise<ListenTls> {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CLIENT_CA_FILE: clientCaFile } = settings;
  const { TLS_AT_PROXY: atProxy } = settings;
  if (certFile === undefined && keyFile === undefined && clientCaFile === undefined) return { atProxy };
  if (certFile === undefined || keyFile === undefined)
    throw new Error('TLS_CERT_FILE and TLS_KEY_FILE go together, and TLS_CLIENT_CA_FILE with both');
  return { atProxy, certificate: await openCertificate({ certFile, keyFile, clientCaFile }, log) };
}

/** @throws with words when a listener without TLS could be reached from other machines */
export function requireProtected(listen: string, { certificate, atProxy }: ListenTls): void {
  const { host } = parseListen(listen);
  if (certificate || atProxy || isLoopback(host)) return;
  throw new Error(
    `${listen} would speak plain text to other machines: set TLS_CERT_FILE and TLS_KEY_FILE, listen on 127.0.0.1, or set TLS_AT_PROXY=true where a proxy ends TLS`,
  );
}

/** host:port, an IPv6 host in brackets. */
export function parseListen(listen: string): { host: string; port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}

/** An address of this machine that no other reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
