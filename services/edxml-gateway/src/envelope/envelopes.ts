import { createThreads, type Logger, RefusalError, type Worker } from '@lienthong/kit';
import type { Verdict } from '@lienthong/signatures';
import type { EnvelopeSignature } from '../domain/signature.ts';
import { toSignature } from '../domain/signature.ts';
import type * as inThread from './thread.ts';
import { readSigner, readTrustFiles, type SigningFiles, type TrustFiles } from './thread.ts';

/** A larger package gets no signature: a signature needs the whole of it in memory, several times. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Packages of a system in progress at once, in both directions and pushed: see AT_ONCE. */
const WAITING = 100;

/** What a system has for its envelopes. */
export interface EnvelopeFiles {
  name: string;
  /** Of the envelopes that it gets. */
  signing: SigningFiles | undefined;
  /** Of the envelopes that it sends. */
  trust: TrustFiles | undefined;
}

/** Signs packages and checks their signatures, in a thread of its own. */
export interface Envelopes extends Worker {
  /** The package with the signature of the system's key; as it is for a system without one, and when it is too large. */
  sign(edxml: Buffer, system: EnvelopeFiles): Promise<Uint8Array>;
  /** What the check of the signature finds; undefined: the system has no authorities to check it by. */
  check(edxml: Buffer, system: EnvelopeFiles, at: Date): Promise<EnvelopeSignature | undefined>;
}

/** @throws Error when a file of a system cannot be used */
export function createEnvelopes(systems: readonly EnvelopeFiles[], log: Logger): Envelopes {
  for (const { signing, trust } of systems) {
    if (signing) readSigner(signing);
    if (trust) readTrustFiles(trust);
  }
  const { run, ...worker } = createThreads<typeof inThread>({
    name: 'envelopes',
    module: new URL('./thread.ts', import.meta.url),
    waiting: WAITING * systems.length,
    waitingPerPrincipal: WAITING,
    budgetMs: 60_000,
    budgetMib: 1024,
  });

  return {
    ...worker,
    async sign(edxml, { name, signing }) {
      if (signing === undefined) return edxml;
      if (edxml.length <= MAX_BYTES) return run(name, 'sign', edxml, signing);
      log.warn(
        { system: name, sizeBytes: edxml.length },
        'too large to be signed; handed out without a signature',
      );
      return edxml;
    },
    async check(edxml, { name, trust }, at) {
      if (trust === undefined) return undefined;
      if (edxml.length > MAX_BYTES) return toSignature(TOO_LARGE);
      return toSignature(await run(name, 'verify', edxml, trust, at).catch(overBudget));
    },
  };
}

const TOO_LARGE: Verdict = {
  valid: false,
  fault: 'SIGNATURE_TOO_LARGE',
  detail: `a signed package has at most ${MAX_BYTES} bytes, and takes a minute at most`,
};

/** A stranger's package that takes too long to check has no valid signature. */
function overBudget(error: unknown): Verdict {
  if (error instanceof RefusalError && error.refusal.reason === 'WORK_BUDGET_EXCEEDED') return TOO_LARGE;
  throw error;
}
