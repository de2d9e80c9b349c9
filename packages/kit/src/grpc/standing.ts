/** Whether the caller of a method may call it today, by the service's copy of the directory. */
import type { CallContext } from 'nice-grpc';
import { type Caller, NOBODY } from '../auth/caller.ts';
import type { Claims } from '../auth/claims.ts';
import { checkPolicy } from '../auth/policy.ts';
import { instant } from '../clock.ts';
import { type Refusal, RefusalError, refuse } from '../errors.ts';
import { AFTER, afterOwnWrites, parsePositions } from './read-your-writes.ts';
import { NO_READS } from './reads.ts';
import type { BoundMethod, BoundService } from './rpc-service.ts';

/** Who makes a call, and the refusal if they may not. */
export interface Standing {
  caller: Caller;
  /** Whom the call counts for: one whom the directory does not know counts as an address. */
  counted: Caller;
  refusal: Refusal | undefined;
}

/** Stands before one method. */
export interface Gate {
  /** As far as is known in memory. */
  stand(claims: Claims | undefined): Standing;
  service: BoundService;
  /** Resolves when the refusal of a read is in its record. */
  recordDenial(standing: Standing, error: RefusalError): Promise<void> | undefined;
}

export function gateOf(service: BoundService, { policy, changes, recorder }: BoundMethod): Gate {
  return {
    service,
    stand(claims) {
      if (claims === undefined)
        return { caller: NOBODY, counted: NOBODY, refusal: checkPolicy(policy, undefined) };
      const found = service.directory.identify(claims, instant(service.clock).today);
      if (!found.ok) return { caller: nameOf(claims), counted: NOBODY, refusal: found.refusal };
      const { caller, readsOnly } = found.value;
      const refusal = (changes ? readsOnly : undefined) ?? checkPolicy(policy, caller);
      return { caller, counted: caller, refusal };
    },
    // Its request is not read, so what it would have shown is not known.
    recordDenial: ({ caller }, error) =>
      recorder?.denied({ caller, now: service.clock.now(), reads: NO_READS }, error),
  };
}

/** For logs and records: who a refused caller claims to be, without a right. */
const nameOf = ({ agency, officerId }: Claims): Caller => ({
  agencyId: agency !== undefined && 'id' in agency ? agency.id : '',
  officerId,
  roles: [],
});

/** A refusal stands only if the service's database says the same as its memory, after what the caller has written. */
export async function standAgain(
  { stand, service: { directory, catchUp } }: Gate,
  claims: Claims,
  first: Standing,
  { metadata, signal }: CallContext,
): Promise<Standing> {
  let standing = first;
  const again = async () => {
    await directory.refresh();
    standing = stand(claims);
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
