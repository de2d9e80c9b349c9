import type { Officer } from '@lienthong/contracts/directory';
import type { NewEvent } from '@lienthong/eventlog';
import type { Reorganise } from './command.ts';
import type { Change } from './draft.ts';
import { codeAt, type Register } from './register.ts';

/** The events of a reorganisation, in the order in which its parts took effect; the decision itself comes last. */
export function eventsOf(changes: readonly Change[], command: Reorganise): NewEvent[] {
  const events = changes.map((change) => agencyEvent(change, command));
  if (command.reorganisationId !== undefined)
    events.push(enacted(command.reorganisationId, changes, command));
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

function enacted(id: string, changes: readonly Change[], { effectiveOn, legalBasis }: Reorganise): NewEvent {
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
    },
    aggregateId: id,
    version: 1,
    agencyCode: '',
    agencyId: '',
  };
}

export function officerEvent(
  type: 'OfficerAppointed' | 'OfficerRelieved',
  officer: Officer,
  version: number,
  register: Register,
): NewEvent {
  const agency = register.get(officer.agencyId);
  const on = type === 'OfficerAppointed' ? officer.validFrom : officer.validTo;
  const about = {
    aggregateId: officer.id,
    version,
    agencyId: officer.agencyId,
    agencyCode: agency ? codeAt(agency, on) : '',
  };
  return type === 'OfficerAppointed'
    ? { type: 'lienthong.directory.v1.OfficerAppointed', payload: { officer }, ...about }
    : { type: 'lienthong.directory.v1.OfficerRelieved', payload: { officer, effectiveOn: on }, ...about };
}
