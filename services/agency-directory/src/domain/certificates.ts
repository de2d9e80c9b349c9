import type { Agency, Officer, SystemCertificate } from '@lienthong/contracts/directory';
import type { Decision, NewEvent } from '@lienthong/eventlog';
import { failure, type Refusal, type Result, success, unreachable, vietnamDate } from '@lienthong/kit';
import { isPostedAt } from '@lienthong/reference-data';
import { type Authority, mayActFor } from './authority.ts';
import { notThere } from './draft.ts';
import { type Problem, toRefusal } from './problem.ts';
import { codeAt } from './register.ts';

export type CertificateCommand = { authority: Authority; now: Date } & (
  | { kind: 'register'; certificate: SystemCertificate }
  | { kind: 'revoke'; certificateId: string }
);

export interface VersionedCertificate {
  certificate: SystemCertificate;
  version: number;
}

/** The certificates, agencies and officers that commands name, and all certificates of these agencies; by id. */
export interface CertificateState {
  agencies: ReadonlyMap<string, Agency>;
  officers: ReadonlyMap<string, Officer>;
  certificates: ReadonlyMap<string, VersionedCertificate>;
}

export interface CertificateReply {
  certificate: SystemCertificate | undefined;
}
type Decided = Result<Decision<CertificateReply, VersionedCertificate>>;

/** The one in use, and the next one. */
const MAX_OF_ONE = 2;
const MAX_OF_AGENCY = 200;

export function decideCertificate(command: CertificateCommand, state: CertificateState): Decided {
  switch (command.kind) {
    case 'register':
      return register(command, state);
    case 'revoke':
      return revoke(command, state);
    default:
      return unreachable(command);
  }
}

/**
 * Refuses: NOT_YOUR_AGENCY, UNKNOWN_AGENCY, AGENCY_ENDED, UNKNOWN_OFFICER, OFFICER_NOT_IN_POSITION, CERTIFICATE_TAKEN,
 * TOO_MANY_CERTIFICATES.
 */
function register(
  { authority, now, certificate }: CertificateCommand & { kind: 'register' },
  state: CertificateState,
): Decided {
  if (!mayActFor(authority, certificate.agencyId)) return failure(notYourAgency);
  const agency = state.agencies.get(certificate.agencyId);
  const problem = agency ? notThere(agency, vietnamDate(now)) : unknownAgency(certificate.agencyId);
  if (problem) return failure(toRefusal([{ ...problem, field: 'agency_id' }]));
  const notSigner = notInPosition(certificate, state, now);
  if (notSigner) return failure(toRefusal([notSigner]));
  const all = [...state.certificates.values()];
  const same = all.find((one) => one.certificate.fingerprint === certificate.fingerprint);
  if (same)
    return isUsable(same.certificate, now) && isOfSame(same.certificate, certificate)
      ? unchanged(same)
      : failure(taken);
  const usable = all
    .map((one) => one.certificate)
    .filter((one) => one.agencyId === certificate.agencyId && isUsable(one, now));
  if (usable.filter((one) => isOfSame(one, certificate)).length >= MAX_OF_ONE)
    return failure(tooMany(certificate.system === '' ? 'signer' : 'system', MAX_OF_ONE));
  if (usable.length >= MAX_OF_AGENCY) return failure(tooMany('agency', MAX_OF_AGENCY));
  return changed('lienthong.directory.v1.CertificateRegistered', { certificate, version: 1 }, state, now);
}

/** Refuses: UNKNOWN_CERTIFICATE, also for one of another agency. */
function revoke(
  { authority, now, certificateId }: CertificateCommand & { kind: 'revoke' },
  state: CertificateState,
): Decided {
  const found = state.certificates.get(certificateId);
  if (found === undefined || !mayActFor(authority, found.certificate.agencyId))
    return failure(toRefusal([unknownCertificate(certificateId)]));
  const { certificate, version } = found;
  if (certificate.revokedAt !== undefined) return unchanged(found);
  const revoked = { certificate: { ...certificate, revokedAt: now }, version: version + 1 };
  return changed('lienthong.directory.v1.CertificateRevoked', revoked, state, now);
}

const unchanged = (stored: VersionedCertificate): Decided =>
  success({ events: [], reply: { certificate: stored.certificate }, change: stored });

function changed(
  type: Extract<NewEvent['type'], `lienthong.directory.v1.Certificate${string}`>,
  stored: VersionedCertificate,
  { agencies }: CertificateState,
  now: Date,
): Decided {
  const { certificate, version } = stored;
  const agency = agencies.get(certificate.agencyId);
  const event: NewEvent = {
    type,
    payload: { certificate },
    aggregateId: certificate.id,
    version,
    agencyId: certificate.agencyId,
    agencyCode: agency ? codeAt(agency, vietnamDate(now)) : '',
  };
  return success({ events: [event], reply: { certificate }, change: stored });
}

/** An agency has tens of certificates: a copy costs little. */
export const evolveCertificates = (
  state: CertificateState,
  stored: VersionedCertificate,
): CertificateState => ({
  ...state,
  certificates: new Map(state.certificates).set(stored.certificate.id, stored),
});

/** Also one that is not valid yet. */
const isUsable = ({ revokedAt, notAfter }: SystemCertificate, now: Date): boolean =>
  revokedAt === undefined && notAfter !== undefined && now <= notAfter;

const isOfSame = (one: SystemCertificate, other: SystemCertificate): boolean =>
  one.agencyId === other.agencyId && one.system === other.system && one.officerId === other.officerId;

/** Why the officer of a signature may not sign for the agency. */
function notInPosition(
  { officerId, agencyId }: SystemCertificate,
  { agencies, officers }: CertificateState,
  now: Date,
): Problem | undefined {
  if (officerId === '') return undefined;
  const officer = officers.get(officerId);
  const field = 'officer_id';
  if (officer === undefined)
    return {
      kind: 'not-found',
      reason: 'UNKNOWN_OFFICER',
      field,
      description: `there is no officer ${officerId}`,
    };
  if (isPostedAt({ agencies }, officer, agencyId, vietnamDate(now))) return undefined;
  return {
    kind: 'failed-precondition',
    reason: 'OFFICER_NOT_IN_POSITION',
    field,
    description: `${officer.fullName} has no position at the agency today; name an officer who has one`,
  };
}

export const notYourAgency: Refusal = {
  kind: 'permission-denied',
  reason: 'NOT_YOUR_AGENCY',
  message: 'a leader sees and changes only the certificates of their own agency',
};

const unknownAgency = (id: string): Omit<Problem, 'field'> => ({
  kind: 'not-found',
  reason: 'UNKNOWN_AGENCY',
  description: `there is no agency ${id}`,
});

const unknownCertificate = (id: string): Problem => ({
  kind: 'not-found',
  reason: 'UNKNOWN_CERTIFICATE',
  field: 'certificate_id',
  description: `there is no certificate ${id} of your agency`,
});

const taken: Refusal = {
  kind: 'already-exists',
  reason: 'CERTIFICATE_TAKEN',
  message:
    'this certificate was registered before, for another system or signer, or is revoked; make one with a new key',
};

const tooMany = (whose: 'system' | 'signer' | 'agency', max: number): Refusal => ({
  kind: 'failed-precondition',
  reason: 'TOO_MANY_CERTIFICATES',
  message: `the ${whose} has ${max} certificates that are neither expired nor revoked; revoke one of them first`,
  metadata: { max: String(max) },
});
