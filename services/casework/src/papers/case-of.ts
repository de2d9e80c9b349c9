import { vietnamDate } from '@lienthong/kit';
import { headOf, nameAt, type ReferenceCache, upwards } from '@lienthong/reference-data';
import { workingDaysBetween } from '@lienthong/working-time';
import type { ProcedureRecords } from '../store/procedures.ts';
import type { WholeDossier } from '../store/whole-dossier.ts';
import type { Case } from './case.ts';
import { placeOf } from './vietnamese.ts';

/** A dossier with the names, places and calendars that its papers need. */
export function caseOf(whole: WholeDossier, reference: ReferenceCache, procedures: ProcedureRecords): Case {
  const procedure = procedures.record(whole.dossier.procedureId);
  return {
    ...whole,
    procedure: { code: procedure?.code ?? '', name: procedure?.definition?.name ?? '' },
    officerName: (officerId) => reference.officers.get(officerId)?.fullName ?? '',
    headName: (agencyId, at) => headOf(reference, agencyId, vietnamDate(new Date(at)))?.fullName ?? '',
    early: (agencyId, at, dueAt) => workingDaysBetween(reference.calendars.of(agencyId), at, dueAt) > 0,
    place(agencyId, at) {
      const date = vietnamDate(new Date(at));
      return placeOf(upwards(reference.agencies, agencyId, date).map((agency) => nameAt(agency, date)));
    },
  };
}
