import type { Reader } from '@lienthong/kit';
import type { Known, PdfSignature } from '@lienthong/signatures';
import type { Fresh } from './fresh-cache.ts';
import type { RegisteredSigners } from './registered-signers.ts';
import { keyOf, type OcspReply, type OcspResponder } from './responder.ts';

/** A verdict, and the OCSP responses on which it relies. */
export interface LearnedVerdict extends PdfSignature {
  ocspResponses: readonly Uint8Array[];
}

export interface LearnedVerdicts extends Fresh {
  verdicts: readonly LearnedVerdict[];
}

export interface Sources {
  db: Reader;
  signers: RegisteredSigners;
  /** undefined: no responder is set. */
  responder: OcspResponder | undefined;
}

const NOTHING: Known = { ocspResponses: [], registrations: [] };

/**
 * Checks, and checks again with what can be learned of the certificates that were found: their registrations, and the
 * OCSP responses about those whose revocation is not known.
 * @param kept OCSP responses of an earlier check; they count where the responder gives none
 */
export async function checkWithLearning(
  { db, signers, responder }: Sources,
  check: (known: Known) => Promise<PdfSignature[]>,
  kept: readonly Uint8Array[],
): Promise<LearnedVerdicts> {
  const first = await check(NOTHING);
  const requests = first.flatMap(({ verdict }) => verdict.ocspRequests ?? []);
  const fingerprints = first.flatMap(({ verdict }) => verdict.certificate?.fingerprint ?? []);
  if (fingerprints.length === 0)
    return { verdicts: first.map(withoutResponses), until: Number.POSITIVE_INFINITY };
  const [replies] = await Promise.all([callResponder(responder, requests), signers.refresh(db)]);
  const responses = [...replies.values()].flatMap(({ response }) => response ?? []);
  const known: Known = {
    ocspResponses: [...responses, ...(requests.length > 0 ? kept : [])],
    registrations: fingerprints.flatMap((one) => signers.registrationOf(one) ?? []),
  };
  const isNew = known.ocspResponses.length + known.registrations.length > 0;
  const second = isNew ? await check(known) : first;
  const unanswered = new Set<string>();
  for (const request of second.flatMap(({ verdict }) => verdict.ocspRequests ?? [])) {
    const key = keyOf(request);
    unanswered.add(key);
    if (replies.get(key)?.response) replies.set(key, (responder as OcspResponder).discard(request));
  }
  return {
    verdicts: second.map((one, i) => ({
      ...one,
      ocspResponses: (first[i]?.verdict.ocspRequests ?? []).flatMap((request) => {
        const key = keyOf(request);
        return (!unanswered.has(key) && replies.get(key)?.response) || [];
      }),
    })),
    until: Math.min(...[...replies.values()].map(({ until }) => until)),
  };
}

const withoutResponses = (one: PdfSignature): LearnedVerdict => ({ ...one, ocspResponses: [] });

async function callResponder(
  responder: OcspResponder | undefined,
  requests: readonly Uint8Array[],
): Promise<Map<string, OcspReply>> {
  if (!responder) return new Map();
  return new Map(
    await Promise.all(requests.map(async (one) => [keyOf(one), await responder.call(one)] as const)),
  );
}
