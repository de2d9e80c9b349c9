/** Whether the caller of a method may call it today, by the service's copy of the directory. */
import type { CallContext } from 'nice-grpc';
import { type Caller, NOBODY } from '../auth/caller.ts';
import type { CallerDirectory } from '../auth/caller-directory.ts';
import type { Claims } from '../auth/claims.ts';
import { checkPolicy } from '../auth/policy.ts';
import { instant } from '../clock.ts';
import { failure, type Refusal, RefusalError, type Result, refuse } from '../errors.ts';
import type { ShownCertificate } from '../tls/client-certificates.ts';
import { AFTER, afterOwnWrites, parsePositions } from './read-your-writes.ts';
import { NO_READS } from './reads.ts';
import type { BoundMethod, BoundService } from './rpc-service.ts';

/** What a caller shows of themselves, once its signatures are checked; nothing: a stranger. */
export interface Evidence {
  /** Of the token. */
  claims: Claims | undefined;
  certificate: ShownCertificate | undefined;
}

/** Who makes a call, and the refusal if they may not. */
export interface Standing {
  caller: Caller;
  /** Whom the call counts for: one whom the directory does not know counts as an address. */
  counted: Caller;
  /** When what the caller shows ends, in milliseconds since 1970; undefined for a stranger. */
  expiresAt: number | undefined;
  refusal: Refusal | undefined;
}

/** Stands before one method. */
export interface Gate {
  /** As far as is known in memory. */
  stand(evidence: Evidence): Standing;
  service: BoundService;
  /** Resolves when the refusal of a read is in its record. */
  recordDenial(standing: Standing, error: RefusalError): Promise<void> | undefined;
}

export function gateOf(service: BoundService, { policy, changes, recorder }: BoundMethod): Gate {
  return {
    service,
    stand({ claims, certificate }) {
      const { now, today } = instant(service.clock);
      const system = certificate && systemOf(certificate, service.directory, now);
      if (system?.ok === false) return unknown(claims, system.refusal);
      const shown = claims ?? system?.value;
      if (shown === undefined) return unknown(undefined, checkPolicy(policy, undefined));
      const found = service.directory.identify(shown, today);
      if (!found.ok) return unknown(shown, found.refusal);
      const { caller, readsOnly } = found.value;
      if (system && nameOf(system.value).agencyId !== caller.agencyId)
        return unknown(shown, certificateOfOther);
      const refusal = (changes ? readsOnly : undefined) ?? checkPolicy(policy, caller);
      return { caller, counted: caller, expiresAt: shown.expiresAt, refusal };
    },
    // Its request is not read, so what it would have shown is not known.
    recordDenial: ({ caller }, error) =>
      recorder?.denied({ caller, now: service.clock.now(), reads: NO_READS }, error),
  };
}

/** Whose system shows the certificate. Refuses: CERTIFICATE_UNTRUSTED, and as the directory does. */
function systemOf(
  { fingerprint, isTrusted }: ShownCertificate,
  directory: CallerDirectory,
  now: Date,
): Result<Claims> {
  const system = directory.certified(fingerprint, now);
  return system.ok && !isTrusted ? failure(certificateUntrusted) : system;
}

/** One whom the directory does not know. */
const unknown = (claims: Claims | undefined, refusal: Refusal | undefined): Standing => ({
  caller: claims === undefined ? NOBODY : nameOf(claims),
  counted: NOBODY,
  expiresAt: claims?.expiresAt,
  refusal,
});

/** For logs and records: who a refused caller claims to be, without a right. */
const nameOf = ({ agency, officerId }: Claims): Caller => ({
  agencyId: agency !== undefined && 'id' in agency ? agency.id : '',
  officerId,
  roles: [],
});

const certificateUntrusted: Refusal = {
  kind: 'unauthenticated',
  reason: 'CERTIFICATE_UNTRUSTED',
  message:
    'your certificate is not of an authority that this platform accepts; get one there and register it',
};

const certificateOfOther: Refusal = {
  kind: 'permission-denied',
  reason: 'CERTIFICATE_OF_OTHER_AGENCY',
  message:
    'your certificate and your token are of different agencies; send one of them, or two of the same agency',
};

/** A refusal stands only if the service's database says the same as its memory, after what the caller has written. */
export async function standAgain(
  { stand, service: { directory, catchUp } }: Gate,
  evidence: Evidence,
  first: Standing,
  { metadata, signal }: CallContext,
): Promise<Standing> {
  let standing = first;
  const again = async () => {
    await directory.refresh();
    standing = stand(evidence);
    if (standing.refusal) refuse(standing.refusal);
  };
  const after = metadata.get(AFTER);
  try {
    await (after === undefined ? again() : afterOwnWrites(parsePositions(after), catchUp, signal, again));
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { ...standing, refusal: error.refusal };
  }
  return standing;
}
