import { vietnamDate } from '@lienthong/kit';
import type { AgencyRegister, Calendars, OfficerRegister } from '@lienthong/reference-data';
import type { ProcedureBook } from './procedure.ts';
import type { Dossier } from './state.ts';

/** What a batch of commands stands on: read and locked before, moved on by every decision of the batch. */
export interface World {
  dossiers: Map<string, Dossier>;
  agencies: AgencyRegister;
  officers: OfficerRegister;
  calendars: Pick<Calendars, 'of'>;
  procedures: ProcedureBook;
  /** The next number of a dossier's code, by `numberKey`. */
  nextNumbers: Map<string, number>;
}

/** A dossier's number restarts each day per agency (TT 01/2018/TT-VPCP). */
export const numberKey = (agencyId: string, at: number): string => `${agencyId}|${shortDate(at)}`;

/** YYMMDD in Vietnam. */
export const shortDate = (at: number): string => vietnamDate(new Date(at)).slice(2).replaceAll('-', '');
