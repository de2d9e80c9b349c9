import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createThreads, isAgencyCode, observeGauges, type Worker } from '@lienthong/kit';
import { keySigner } from '@lienthong/signatures';
import type * as Sealing from './sealing.ts';
import type { Seal } from './sealing.ts';

/** The seals of agencies: keys that sign their papers, in a thread, which starts with the first paper. */
export interface Seals extends Worker {
  /**
   * The paper with the seal of the agency; as it is when the agency has none here. Refuses: SERVER_BUSY,
   * WORK_BUDGET_EXCEEDED.
   * @param principal who requests the paper, as `principalOf` gives it
   */
  seal(principal: string, pdf: Buffer, agencyCode: string, at: Date): Promise<Buffer>;
}

const KEY = '.key.pem';
const CERTIFICATES = '.crt.pem';
/** The press has no more papers in progress. */
const PAPERS = 32;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Reads the seals of a folder: for an agency `<code>.key.pem`, and `<code>.crt.pem` with its certificate first. Without a
 * folder no paper is sealed.
 * @throws Error for a file that cannot be read, or a key that is not that of its certificate
 */
export function openSeals(folder: string | undefined): Seals {
  const seals = new Map(folder === undefined ? [] : readSeals(folder));
  const { run, ...worker } = createThreads<typeof Sealing>({
    name: 'seals',
    module: new URL('./sealing.ts', import.meta.url),
    waiting: PAPERS,
    waitingPerPrincipal: PAPERS,
  });
  const expiries = [...seals.values()].map(
    ({ certificates }) => new X509Certificate(certificates).validToDate,
  );
  let stopObserving = () => {};
  return {
    ...worker,
    async start() {
      await worker.start();
      if (expiries.length > 0) stopObserving = observeExpiry(Math.min(...expiries.map(Number)));
    },
    async stop() {
      stopObserving();
      await worker.stop();
    },
    async seal(principal, pdf, agencyCode, at) {
      const seal = seals.get(agencyCode);
      if (seal === undefined) return pdf;
      const { buffer, byteOffset, byteLength } = await run(principal, 'sealPdf', pdf, seal, at);
      return Buffer.from(buffer, byteOffset, byteLength);
    },
  };
}

function observeExpiry(atMs: number): () => void {
  return observeGauges(
    'lienthong.casework',
    {
      'lienthong.casework.seals.valid': {
        unit: 'd',
        description: 'Days until the first certificate of an agency’s seal expires',
      },
    },
    (report) => report('lienthong.casework.seals.valid', (atMs - Date.now()) / DAY_MS),
  );
}

function readSeals(folder: string): [agencyCode: string, seal: Seal][] {
  const codes = readdirSync(folder).flatMap((name) => (name.endsWith(KEY) ? name.slice(0, -KEY.length) : []));
  return codes.map((code) => {
    if (!isAgencyCode(code)) throw new Error(`the seal ${code}${KEY} is not named by an agency's code`);
    const pem = readFileSync(join(folder, `${code}${KEY}`));
    const certificates = readFileSync(join(folder, `${code}${CERTIFICATES}`), 'utf8');
    try {
      const seal: Seal = { key: createPrivateKey(pem), certificates };
      // Throws when the key is not that of the certificate.
      keySigner(seal);
      return [code, seal];
    } catch (cause) {
      throw new Error(`the seal of ${code} cannot be used: ${(cause as Error).message}`, { cause });
    }
  });
}
