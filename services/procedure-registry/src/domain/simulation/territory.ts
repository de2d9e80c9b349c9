import type { Performer } from '@lienthong/contracts/registry';
import type { CompiledWorkflow } from '@lienthong/workflow';
import type { Calendar } from '@lienthong/working-time';

/** The agencies and procedures at one date, as a simulation needs them. */
export interface Territory {
  /** The id of the agency that a performer means for an intake agency; undefined when there is none. */
  performer(performer: Performer | undefined, intakeAgencyId: string): string | undefined;
  /** The agencies that receive a hand-over, in order, with the destination; none from an agency to itself. */
  receivers(fromId: string, toId: string): readonly string[];
  nameOf(agencyId: string): string;
  /** As conditions write it: "commune". */
  tierOf(agencyId: string): string;
  calendarOf(agencyId: string): Calendar;
  /** The workflow in force of another procedure. */
  procedure(code: string): CompiledWorkflow | undefined;
}
