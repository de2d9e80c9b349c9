import type { SecureContextOptions } from 'node:tls';
import type { Logger } from '../log.ts';
import { observeGauges } from '../telemetry/observe.ts';
import { type KeyPair, type KeyPairFiles, readKeyPair, toContext } from './key-pair.ts';

/** The certificate of this process' listeners, which follows its files. */
export interface Certificate {
  /** False: clients show certificates of the authorities in `context().ca` alone. */
  anyClientAuthority: boolean;
  context(): SecureContextOptions;
  expiresAt(): Date;
  /** Calls the listener with each pair that replaces the one before; returns a function that ends this. */
  onChange(listener: (context: SecureContextOptions) => void): () => void;
  /** Shows in metrics when it expires, and whether the files have a pair that cannot be used; returns the way to stop. */
  observe(): () => void;
  /** Ends the watch over the files. */
  close(): void;
}

const CHECK_MS = 1_000;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Reads the pair, and again when the files change. A pair that cannot be used is logged, and the one before stays.
 * The files are read, not watched: secrets are mounted and replaced in ways that no notification covers.
 * @throws with words when the pair cannot be used at first
 */
export async function openCertificate(files: KeyPairFiles, log: Logger): Promise<Certificate> {
  let pair = await readKeyPair(files, new Date());
  let problem = '';
  const listeners = new Set<(context: SecureContextOptions) => void>();

  const use = (next: KeyPair) => {
    const isNew = next.cert !== pair.cert || next.key !== pair.key || next.ca !== pair.ca;
    if (problem !== '' || isNew) log.info({ ...files, expires_at: next.expiresAt }, 'certificate read');
    problem = '';
    if (!isNew) return;
    pair = next;
    for (const listener of listeners) listener(toContext(next));
  };
  const keep = (err: Error) => {
    // Once for each problem, not once a second.
    if (err.message !== problem) log.error({ err, ...files }, 'certificate not usable; the one before stays');
    problem = err.message;
  };
  const check = async () => {
    await readKeyPair(files, new Date()).then(use, keep);
    if (!closed) timer = setTimeout(check, CHECK_MS).unref();
  };
  let closed = false;
  let timer = setTimeout(check, CHECK_MS).unref();

  return {
    anyClientAuthority: files.clientCaFile === undefined,
    context: () => toContext(pair),
    expiresAt: () => pair.expiresAt,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    observe: () =>
      observeGauges(
        'lienthong.tls',
        {
          'lienthong.tls.certificate.valid': { unit: 'd', description: 'Days until the certificate expires' },
          'lienthong.tls.certificate.unusable': {
            unit: '1',
            description: '1 while the files have a pair that cannot be used',
          },
        },
        (report) => {
          report('lienthong.tls.certificate.valid', (pair.expiresAt.getTime() - Date.now()) / DAY_MS);
          report('lienthong.tls.certificate.unusable', problem === '' ? 0 : 1);
        },
      ),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
