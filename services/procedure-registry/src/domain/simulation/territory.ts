import type { Performer } from '@lienthong/contracts/registry';
import {
  type AgencyRegister,
  type Calendars,
  competentFor,
  type DossierAgencies,
  nameAt,
  performerAt,
  receiversBetween,
  tierAt,
} from '@lienthong/reference-data/pure';
import { type CompiledWorkflow, tierName } from '@lienthong/workflow';
import type { Calendar } from '@lienthong/working-time';

/** The agencies and procedures at one date, as a simulation needs them. */
export interface Territory {
  /** The id of the agency that a performer means for a dossier of these agencies; undefined when there is none. */
  performer(performer: Performer | undefined, of: DossierAgencies): string | undefined;
  /** Who is competent for a dossier that is lodged without another territory; the intake agency when nobody is found. */
  competent(executingAgency: Performer | undefined, intakeAgencyId: string): string;
  /** The agencies that receive a hand-over, in order, with the destination; none from an agency to itself. */
  receivers(fromId: string, toId: string): readonly string[];
  nameOf(agencyId: string): string;
  /** As conditions write it: "commune". */
  tierOf(agencyId: string): string;
  calendarOf(agencyId: string): Calendar;
  /** The workflow in force of another procedure. */
  procedure(code: string): CompiledWorkflow | undefined;
}

/** What the directory and the register have at a date. */
export const territoryAt = (
  date: string,
  agencies: AgencyRegister,
  calendars: Pick<Calendars, 'of'>,
  procedure: Territory['procedure'],
): Territory => ({
  performer: (performer, of) => performerAt(agencies, performer, of, date)?.id,
  competent: (executingAgency, intakeId) =>
    competentFor(agencies, executingAgency, intakeId, date)?.id ?? intakeId,
  receivers: (fromId, toId) => receiversBetween(agencies, fromId, toId, date),
  nameOf(id) {
    const found = agencies.get(id);
    return found ? nameAt(found, date) : '';
  },
  tierOf(id) {
    const found = agencies.get(id);
    return found ? tierName(tierAt(found, date)) : '';
  },
  calendarOf: (id) => calendars.of(id),
  procedure,
});
