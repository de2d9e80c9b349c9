import type { Officer } from '@lienthong/contracts/directory';
import {
  type AgencyName,
  type Caller,
  type CallerDirectory,
  type Claims,
  failure,
  type Identity,
  type Reader,
  type Refusal,
  type Result,
  type Role,
  success,
} from '@lienthong/kit';
import { actingAgency } from '../agencies/acting.ts';
import { resolveCode } from '../agencies/codes.ts';
import type { AgencyRegister } from '../agencies/register.ts';
import { certified } from '../certificates/certified.ts';
import { type CertificateCache, createCertificateCache } from '../certificates/copy.ts';
import type { Refreshed } from '../copy/cache.ts';
import { isInForce } from '../span.ts';
import { cameAlong, postingAt } from './position.ts';
import { postingsOf } from './postings.ts';
import type { OfficerRegister } from './register.ts';

/** What the claims of a token are held against. */
export interface Registers {
  agencies: AgencyRegister;
  officers: Pick<OfficerRegister, 'get'>;
}

/** The callers of a service, by its copy of the directory. @param certificates where the service uses them itself, too */
export function callerDirectory(
  reader: Reader,
  {
    agencies,
    officers,
    certificates = createCertificateCache(),
  }: {
    agencies: Registers['agencies'] & Refreshed;
    officers: Registers['officers'] & Refreshed;
    certificates?: CertificateCache;
  },
): CallerDirectory {
  return {
    identify: (claims, date) => identify({ agencies, officers }, claims, date),
    certified: (fingerprint, now) => certified(certificates, fingerprint, now),
    refresh: () => Promise.all([agencies, officers, certificates].map((cache) => cache.refresh(reader))),
  };
}

/**
 * Who claims mean at a date. An officer acts and reads while in position, with those roles of the token that the position
 * has. A system needs no position: its issuer vouches for it. An agency that has ended changes nothing: its successor
 * acts. Its systems, and the officers who went on to the successor, still read for it.
 * Refusals: AGENCY_UNKNOWN, AGENCY_ENDED, AGENCY_NOT_OF_ISSUER, OFFICER_NOT_IN_POSITION.
 */
export function identify(registers: Registers, claims: Claims, date: string): Result<Identity> {
  const { agencies, officers } = registers;
  const officer = officers.get(claims.officerId);
  const posting = officer && postingAt(registers, officer, date);
  if (claims.agency === undefined) {
    if (claims.agencies !== undefined) return failure(notOfIssuer);
    if (officer && !posting) return failure(notInPosition);
    return identity(grantedCaller('', claims, ['admin', 'auditor']));
  }
  const named = idOf(agencies, claims.agency, date);
  if (claims.agencies && !claims.agencies.some((name) => idOf(agencies, name, date) === named))
    return failure(notOfIssuer);
  const acting = actingAgency(agencies, named, date);
  if (!acting.ok && acting.refusal.reason !== 'AGENCY_ENDED') return acting;
  const readsOnly = acting.ok ? undefined : acting.refusal;
  if (officer === undefined && claims.granted.includes('system'))
    return identity(grantedCaller(named, claims, ['system']), readsOnly);
  if (officer === undefined || posting === undefined) return failure(readsOnly ?? notInPosition);
  if (posting.agencyId !== named && !(readsOnly && wentOnFrom(registers, officer, named, date)))
    return failure(readsOnly ?? notInPosition);
  const caller = {
    agencyId: named,
    officerId: claims.officerId,
    roles: [
      ...claims.roles.filter((role) => posting.roles.includes(role)),
      ...claims.granted.filter((role) => role === 'auditor'),
    ],
  };
  return identity(caller, readsOnly);
}

const identity = (caller: Caller, readsOnly?: Refusal): Result<Identity> => success({ caller, readsOnly });

/** True for an officer of an agency that has ended, whether the event of the move has come or not. */
const wentOnFrom = (registers: Registers, officer: Officer, agencyId: string, date: string): boolean =>
  cameAlong(registers, officer, agencyId, date) ||
  postingsOf(officer).some((one) => one.agencyId === agencyId && isInForce(one, date));

/** A caller with those of these roles that its issuer grants. */
const grantedCaller = (agencyId: string, { officerId, granted }: Claims, roles: readonly Role[]): Caller => ({
  agencyId,
  officerId,
  roles: granted.filter((role) => roles.includes(role)),
});

/** Empty for a code that names no agency at the date. */
function idOf(register: AgencyRegister, name: AgencyName, date: string): string {
  if ('id' in name) return name.id;
  const resolution = resolveCode(register, name.scheme, name.code, date);
  return 'found' in resolution ? resolution.found.id : '';
}

const notOfIssuer: Refusal = {
  kind: 'permission-denied',
  reason: 'AGENCY_NOT_OF_ISSUER',
  message:
    'the issuer of your token speaks for other agencies only; get a token from the issuer of your agency',
};

const notInPosition: Refusal = {
  kind: 'permission-denied',
  reason: 'OFFICER_NOT_IN_POSITION',
  message: 'the directory has no position of yours at this agency that covers this date',
};
