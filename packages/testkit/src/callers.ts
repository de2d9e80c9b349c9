import {
  type Caller,
  type CallerDirectory,
  type Claims,
  failure,
  isUuid,
  type Refusal,
  type Service,
  success,
} from '@lienthong/kit';

/** For services without a directory: every caller is who the token says. */
export const believing: CallerDirectory = {
  certified: () => failure(noCertificates),
  identify: (claims) => success({ caller: toCaller(claims), readsOnly: undefined }),
  refresh: async () => {},
};

/**
 * The same service, whose directory also knows the callers whom a test makes up: their names are no ids of officers, and
 * their agency may be one that was never established.
 */
export const knowMadeUpCallers = (
  service: Service,
  onDirectory: (directory: CallerDirectory) => void = () => {},
): Service => ({
  ...service,
  async compose(context) {
    const composed = await service.compose(context);
    onDirectory(composed.directory);
    return { ...composed, directory: withMadeUpCallers(composed.directory) };
  },
});

/** A made-up caller counts like a system of the agency, with the roles of the token. */
const withMadeUpCallers = (directory: CallerDirectory): CallerDirectory => ({
  identify(claims, date) {
    const found = directory.identify(claims, date);
    if (found.ok || isUuid(claims.officerId)) return found;
    const asSystem = directory.identify({ ...claims, granted: ['system'] }, date);
    if (asSystem.ok) return success({ ...asSystem.value, caller: toCaller(claims) });
    return asSystem.refusal.reason === 'AGENCY_UNKNOWN' ? believing.identify(claims, date) : asSystem;
  },
  certified: directory.certified,
  refresh: directory.refresh,
});

const noCertificates: Refusal = {
  kind: 'unauthenticated',
  reason: 'CERTIFICATE_UNKNOWN',
  message: 'there is no directory',
};

const toCaller = ({ agency, officerId, roles, granted }: Claims): Caller => ({
  agencyId: agency !== undefined && 'id' in agency ? agency.id : '',
  officerId,
  roles: [...new Set([...roles, ...granted])],
});
