import type { Caller } from '../auth/caller.ts';
import { type Refusal, refuse } from '../errors.ts';
import { createRates, type Rate } from './rates.ts';

/** Bounds of one principal: an officer or system, an agency, or an address that sends no token. */
export interface PrincipalLimits {
  rate: Rate;
  /** Cost of the calls that run at once. */
  atOnce: number;
  /** Streams that only the service ends. */
  streams: number;
}

export interface AdmissionLimits {
  perOfficer: PrincipalLimits;
  perAgency: PrincipalLimits;
  /** Of calls without a valid token. */
  perAddress: PrincipalLimits;
  /** Cost of the calls that run at once in the process. */
  perProcess: number;
}

/** Where a call comes from. */
export interface Origin {
  caller: Caller;
  /** As `countedAddress` gives it. */
  address: string;
}

/** Each returned function releases what was taken. */
export interface Admission {
  /** Counts one call when it arrives. Refuses: RATE_EXCEEDED. */
  arrive(origin: Origin): void;
  /** Admits a call once its cost is known. Refuses: CALLER_BUSY, SERVER_BUSY, RATE_EXCEEDED. */
  enter(origin: Origin, cost: number): () => void;
  /** Admits a stream that only the service ends. Refuses: TOO_MANY_STREAMS. */
  openStream(origin: Origin): () => void;
}

/** The name by which the calls of an officer or system, or of an address without a token, are counted. */
export const principalOf = ({ caller: { agencyId, officerId }, address }: Origin): string =>
  officerId === '' ? `address ${address}` : `officer ${agencyId}/${officerId}`;

interface Principal {
  key: string;
  limits: PrincipalLimits;
}

const KEYS_REMEMBERED = 50_000;
const PROCESS = 'process';

export function createAdmission(limits: AdmissionLimits, now = () => performance.now()): Admission {
  const running = createCounts();
  const streams = createCounts();
  const rates = createRates({ keys: KEYS_REMEMBERED, now });

  /** Officers and agencies have names of their own: an officer's id may equal an agency's. */
  function principalsOf(origin: Origin): Principal[] {
    const { agencyId, officerId } = origin.caller;
    const key = principalOf(origin);
    if (officerId === '') return [{ key, limits: limits.perAddress }];
    const officer = { key, limits: limits.perOfficer };
    return agencyId === '' ? [officer] : [officer, { key: `agency ${agencyId}`, limits: limits.perAgency }];
  }

  function takeRate(principals: readonly Principal[], cost: number): void {
    const waitMs = rates.take(
      principals.map(({ key, limits: { rate } }) => [key, rate]),
      cost,
    );
    if (waitMs > 0) refuse(rateExceeded(waitMs));
  }

  return {
    arrive: (origin) => takeRate(principalsOf(origin), 1),
    enter(origin, cost) {
      const principals = principalsOf(origin);
      const bounds = principals.map(({ key, limits: { atOnce } }) => ({
        key,
        limit: atOnce,
        busy: callerBusy,
      }));
      bounds.push({ key: PROCESS, limit: limits.perProcess, busy: serverBusy });
      const release = running.add(bounds, cost);
      try {
        // One was taken when the call arrived.
        if (cost > 1) takeRate(principals, cost - 1);
      } catch (refused) {
        release();
        throw refused;
      }
      return release;
    },
    openStream: (origin) =>
      streams.add(
        principalsOf(origin).map(({ key, limits: of }) => ({ key, limit: of.streams, busy: tooManyStreams })),
        1,
      ),
  };
}

interface Bound {
  key: string;
  limit: number;
  busy: Refusal;
}

/** Costs may be fractions. */
const ROUNDING = 1e-6;

/** What runs now, by key. */
function createCounts() {
  const counts = new Map<string, number>();
  return {
    /** Adds a cost to every key, or to none. What costs more than a bound still runs when it is alone. */
    add(bounds: readonly Bound[], cost: number): () => void {
      for (const { key, limit, busy } of bounds) {
        const count = counts.get(key) ?? 0;
        if (count > 0 && count + cost > limit) refuse(busy);
      }
      for (const { key } of bounds) counts.set(key, (counts.get(key) ?? 0) + cost);
      return () => {
        for (const { key } of bounds) {
          const left = (counts.get(key) ?? 0) - cost;
          if (left > ROUNDING) counts.set(key, left);
          else counts.delete(key);
        }
      };
    },
  };
}

const callerBusy: Refusal = {
  kind: 'resource-exhausted',
  reason: 'CALLER_BUSY',
  message: 'you or your agency run as many calls at once as you may; send this one again in a moment',
  retryAfterMs: 1000,
};

const serverBusy: Refusal = {
  kind: 'resource-exhausted',
  reason: 'SERVER_BUSY',
  message: 'the server runs as many calls at once as it can; send this one again in a moment',
  retryAfterMs: 1000,
};

const tooManyStreams: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_STREAMS',
  message: 'you or your agency have as many open streams as you may; close one that is not needed',
  retryAfterMs: 10_000,
};

const rateExceeded = (retryAfterMs: number): Refusal => ({
  kind: 'resource-exhausted',
  reason: 'RATE_EXCEEDED',
  message:
    'you, your agency or, for calls without a token, your address make more calls than they may; ' +
    'wait for the time in RetryInfo. Expensive calls count more than one',
  retryAfterMs,
});
