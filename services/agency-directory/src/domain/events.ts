import type { NewEvent } from '@lienthong/eventlog';
import { unreachable } from '@lienthong/kit';
import type { Reorganise } from './command.ts';
import type { Change } from './draft.ts';
import type { OfficerChange } from './officers/people.ts';
import { codeAt, type Register } from './register.ts';

/** The events of a reorganisation, in the order in which its parts took effect; the decision itself comes last. */
export function eventsOf(
  changes: readonly Change[],
  officers: readonly OfficerChange[],
  command: Reorganise,
  register: Register,
): NewEvent[] {
  const events = changes.map((change) => agencyEvent(change, command));
  for (const change of officers) events.push(officerEvent(change, register, command));
  if (command.reorganisationId !== undefined)
    events.push(enacted(command.reorganisationId, changes, officers, command));
  return events;
}

function agencyEvent({ type, agency }: Change, { effectiveOn, legalBasis }: Reorganise): NewEvent {
  const about = {
    aggregateId: agency.id,
    version: Number(agency.version),
    agencyId: agency.id,
    agencyCode: codeAt(agency, type === 'AgencyEstablished' ? agency.establishedOn : effectiveOn),
  };
  if (type === 'AgencyEstablished') {
    return { type: 'lienthong.directory.v1.AgencyEstablished', payload: { agency, legalBasis }, ...about };
  }
  return { type: `lienthong.directory.v1.${type}`, payload: { agency, effectiveOn, legalBasis }, ...about };
}

function enacted(
  id: string,
  changes: readonly Change[],
  officers: readonly OfficerChange[],
  { effectiveOn, legalBasis }: Reorganise,
): NewEvent {
  const count = (type: Change['type']) => changes.filter((change) => change.type === type).length;
  return {
    type: 'lienthong.directory.v1.ReorganisationEnacted',
    payload: {
      reorganisationId: id,
      effectiveOn,
      legalBasis,
      established: count('AgencyEstablished'),
      renamed: count('AgencyRenamed'),
      moved: count('AgencyMoved'),
      updated: count('AgencyUpdated'),
      ended: count('AgencyEnded'),
      officersMoved: officers.filter(({ type }) => type === 'OfficerMoved').length,
      officersAppointed: officers.filter(({ type }) => type === 'OfficerAppointed').length,
    },
    aggregateId: id,
    version: 1,
    agencyCode: '',
    agencyId: '',
  };
}

/** @param decision the reorganisation that an officer is moved or appointed by */
export function officerEvent(
  { type, officer, version }: OfficerChange,
  register: Register,
  decision?: Pick<Reorganise, 'effectiveOn' | 'legalBasis'>,
): NewEvent {
  const agency = register.get(officer.agencyId);
  const on = decision?.effectiveOn ?? (type === 'OfficerRelieved' ? officer.validTo : officer.validFrom);
  const about = {
    aggregateId: officer.id,
    version,
    agencyId: officer.agencyId,
    agencyCode: agency ? codeAt(agency, on) : '',
  };
  switch (type) {
    case 'OfficerAppointed':
      return { type: 'lienthong.directory.v1.OfficerAppointed', payload: { officer }, ...about };
    case 'OfficerMoved': {
      const payload = { officer, effectiveOn: on, legalBasis: decision?.legalBasis ?? '' };
      return { type: 'lienthong.directory.v1.OfficerMoved', payload, ...about };
    }
    case 'OfficerRelieved':
      return {
        type: 'lienthong.directory.v1.OfficerRelieved',
        payload: { officer, effectiveOn: on },
        ...about,
      };
    default:
      return unreachable(type);
  }
}
