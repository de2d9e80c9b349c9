import { vietnamDate } from '@lienthong/kit';
import type { AgencyRegister, Calendars, OfficerRegister } from '@lienthong/reference-data';
import type { ProcedureBook } from './procedure.ts';
import type { Dossier } from './state.ts';

/** Something found by its key. */
interface Lookup<V> {
  get(key: string): V | undefined;
}

/** The state for a command: read and locked before the batch, with the changes of the batch's earlier commands. */
export interface World {
  dossiers: Lookup<Dossier>;
  agencies: AgencyRegister;
  officers: OfficerRegister;
  calendars: Pick<Calendars, 'of'>;
  procedures: ProcedureBook;
  /** The next number of a dossier's code, by `codePrefix`. */
  nextNumbers: Lookup<number>;
  /** The files that callers of the batch may use, by `fileKey`. */
  files: Pick<ReadonlySet<string>, 'has'>;
}

/**
 * What a dossier's code begins with. The number after it restarts each day per agency (TT 01/2018/TT-VPCP). The series
 * belongs to the agency's code, which a successor may take over in the middle of a day.
 */
export const codePrefix = (agencyCode: string, at: number): string => `${agencyCode}-${shortDate(at)}`;

/** A dossier's code as prefix and number. */
export function numberOf({ code }: Pick<Dossier, 'code'>): { prefix: string; number: number } {
  const dash = code.lastIndexOf('-');
  return { prefix: code.slice(0, dash), number: Number(code.slice(dash + 1)) };
}

/** YYMMDD in Vietnam. */
const shortDate = (at: number): string => vietnamDate(new Date(at)).slice(2).replaceAll('-', '');
