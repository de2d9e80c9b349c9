import type { Agency, Succession } from '@lienthong/contracts/directory';
import type { End, Ref } from '../command.ts';
import type { Draft } from '../draft.ts';
import { nameOf } from '../register.ts';
import { cut } from '../span.ts';

/** The agency ends without a successor of its own. */
export function end(draft: Draft, part: End): void {
  const agency = findEndingAgency(draft, part.agency, 'agency');
  if (agency) close(draft, agency, 'agency', []);
}

/** The agency that a part ends. It must exist before the effective date and have no end yet. */
export function findEndingAgency(draft: Draft, ref: Ref, field: string): Agency | undefined {
  const agency = draft.find(ref, field);
  if (!agency) return undefined;
  if (agency.endedOn !== '') {
    draft.problem(field, {
      kind: 'failed-precondition',
      reason: 'AGENCY_ENDED',
      description: `${nameOf(agency)} already ends on ${agency.endedOn}`,
    });
    return undefined;
  }
  if (agency.establishedOn !== '' && draft.effectiveOn <= agency.establishedOn) {
    draft.problem(field, {
      kind: 'failed-precondition',
      reason: 'END_BEFORE_START',
      description: `${nameOf(agency)} is established on ${agency.establishedOn}; end it on a later day`,
    });
    return undefined;
  }
  return agency;
}

/** Ends the agency and all its facts on the effective date. */
export function close(draft: Draft, agency: Agency, field: string, successors: Succession[]): void {
  const on = draft.effectiveOn;
  const ended: Agency = {
    ...agency,
    endedOn: on,
    identifiers: cut(agency.identifiers, on),
    names: cut(agency.names, on),
    placements: cut(agency.placements, on),
    functions: cut(agency.functions, on),
    officeHours: cut(agency.officeHours, on),
    successors,
  };
  draft.record('AgencyEnded', ended, field);
}
