import type { Officer } from '@lienthong/contracts/directory';
import { currentHolder, postingsOf } from '@lienthong/reference-data';
import type { Ref } from '../command.ts';
import { notThere, unknownCode } from '../draft.ts';
import type { Fault, Problem } from '../problem.ts';
import { life, nameOf, type Register } from '../register.ts';
import { covers, describe } from '../span.ts';
import type { People } from './people.ts';

export interface Appointment {
  agency: Ref & { by: 'id' | 'code' };
  /** The date at which a code of the agency is understood. */
  on: string;
  /** Its agency is filled in by the decision. */
  officer: Officer;
  /** Where the appointment stands in a request of several, and the field there that names the agency. */
  place: { index?: number; field: string; agencyField: string };
}

/** The officer, who holds the position from `validFrom` to `validTo`; or the faults of the appointment. */
export function appoint(
  register: Register,
  people: People,
  appointment: Appointment,
): { ok: true; officer: Officer } | { ok: false; faults: Fault[] } {
  const { place } = appointment;
  const refuse = (problems: Problem[]): { ok: false; faults: Fault[] } => ({
    ok: false,
    faults: problems.map((problem) => ({
      index: place.index,
      problem: { ...problem, field: place.field + problem.field },
    })),
  });
  const agencyId = agencyOf(register, appointment);
  if (typeof agencyId !== 'string') return refuse([agencyId]);
  const officer = { ...appointment.officer, agencyId };
  const problems = problemsOf(register, people, officer);
  return problems.length > 0
    ? refuse(problems)
    : { ok: true, officer: people.put('OfficerAppointed', officer, postingsOf(officer)) };
}

/** A code of an agency that has ended names its successor. */
function agencyOf(register: Register, { agency, on, place }: Appointment): string | Problem {
  const field = place.agencyField;
  if (agency.by === 'id') {
    if (register.get(agency.id)) return agency.id;
    return {
      kind: 'not-found',
      reason: 'UNKNOWN_AGENCY',
      field,
      description: `there is no agency ${agency.id}`,
    };
  }
  const holder = register.resolve(agency.code, on) ?? register.lastHolder(agency.code, on);
  const found = holder && currentHolder(register, holder.id, on);
  if (found) return found.id;
  return { ...unknownCode(register.holders(agency.code).length > 0, agency.code, on), field };
}

function problemsOf(register: Register, people: People, officer: Officer): Problem[] {
  const agency = register.get(officer.agencyId);
  if (!agency) throw new Error(`agency ${officer.agencyId} is not in the register`);
  const problems: Problem[] = [];
  const absent = notThere(agency, officer.validFrom);
  const isFollowed = agency.successors.some(({ officersFollow }) => officersFollow);
  if (absent) problems.push({ ...absent, field: 'valid_from' });
  else if (officer.validTo !== '' && !isFollowed && !covers(life(agency), officer)) {
    problems.push({
      kind: 'failed-precondition',
      reason: 'AGENCY_ENDED',
      field: 'valid_to',
      description: `${nameOf(agency)} exists ${describe(life(agency))}; choose a valid_to within that time`,
    });
  }
  const other = officer.head ? people.otherHead(agency.id, officer, officer.id) : undefined;
  if (other) {
    problems.push({
      kind: 'failed-precondition',
      reason: 'OVERLAPPING_VALIDITY',
      field: 'head',
      description: `${other.officer.fullName} (${other.officer.id}) is head ${describe(other.posting)}; an agency has one head at a time`,
    });
  }
  return problems;
}
