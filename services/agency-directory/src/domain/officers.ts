import type { Agency, Officer } from '@lienthong/contracts/directory';
import { notThere } from './draft.ts';
import type { Problem } from './problem.ts';
import { life, nameOf } from './register.ts';
import { covers, describe, overlap } from './span.ts';

export interface Appoint {
  officer: Officer;
}

export interface Relieve {
  officerId: string;
  effectiveOn: string;
}

/** The problems of an appointment. When there are none, the officer holds the position from `validFrom` to `validTo`. */
export function appoint(
  { officer }: Appoint,
  agency: Agency | undefined,
  colleagues: readonly Officer[],
): Problem[] {
  if (!agency) {
    return [
      {
        kind: 'not-found',
        reason: 'UNKNOWN_AGENCY',
        field: 'agency_id',
        description: `there is no agency ${officer.agencyId}`,
      },
    ];
  }
  const problems: Problem[] = [];
  const absent = notThere(agency, officer.validFrom);
  if (absent) problems.push({ ...absent, field: 'valid_from' });
  else if (officer.validTo !== '' && !covers(life(agency), officer)) {
    problems.push({
      kind: 'failed-precondition',
      reason: 'AGENCY_ENDED',
      field: 'valid_to',
      description: `${nameOf(agency)} exists ${describe(life(agency))}; choose a valid_to within that time`,
    });
  }
  const other = officer.head ? colleagues.find((c) => c.head && overlap(c, officer)) : undefined;
  if (other) {
    problems.push({
      kind: 'failed-precondition',
      reason: 'OVERLAPPING_VALIDITY',
      field: 'head',
      description: `${other.fullName} (${other.id}) is head ${describe(other)}; an agency has one head at a time`,
    });
  }
  return problems;
}

/** The problems of relieving an officer on a date. When there are none, the position ends on that date. */
export function relieve(command: Relieve, officer: Officer | undefined): Problem[] {
  if (!officer) {
    return [
      {
        kind: 'not-found',
        reason: 'UNKNOWN_OFFICER',
        field: 'officer_id',
        description: `there is no officer ${command.officerId}`,
      },
    ];
  }
  if (officer.validTo !== '' && officer.validTo <= command.effectiveOn) {
    return [
      {
        kind: 'failed-precondition',
        reason: 'OFFICER_RELIEVED',
        field: 'effective_on',
        description: `${officer.fullName} holds the position ${describe(officer)}; choose a date within that time`,
      },
    ];
  }
  if (command.effectiveOn <= officer.validFrom) {
    return [
      {
        kind: 'failed-precondition',
        reason: 'END_BEFORE_START',
        field: 'effective_on',
        description: `must be after ${officer.validFrom}, when the position began`,
      },
    ];
  }
  return [];
}
