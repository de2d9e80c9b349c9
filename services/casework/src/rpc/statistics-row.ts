import { DossierOrigin, type StatisticsRow } from '@lienthong/contracts/casework';
import type { StatisticsRow as Row } from '../store/statistics/read-statistics.ts';

/** @param nameOf an agency's name */
export const toStatisticsRow = (row: Row, nameOf: (agencyId: string) => string): StatisticsRow => ({
  agencyId: row.agency_id ?? '',
  agencyName: row.agency_id === null ? '' : nameOf(row.agency_id),
  procedureCode: row.procedure_code ?? '',
  procedureVersion: row.procedure_version ?? 0,
  stepKey: row.step_key ?? '',
  month: row.month ?? '',
  finished: row.finished,
  onTime: row.finished - row.overdue,
  overdue: row.overdue,
  shorter: row.shorter,
  equal: row.equal,
  longer: row.overdue,
  extended: row.extended,
  refused: row.refused,
  withdrawn: row.withdrawn,
  withoutSupplement: row.without_supplement,
  oneSupplement: row.one_supplement,
  moreSupplements: row.more_supplements,
  meanMinutes: row.taken ?? 0,
  meanAllowedMinutes: row.allowed ?? 0,
  meanElsewhereMinutes: row.elsewhere ?? 0,
  origin: originOf(row.of_sub_procedure),
});

const originOf = (ofSubProcedure: boolean | null): DossierOrigin => {
  if (ofSubProcedure === null) return DossierOrigin.UNSPECIFIED;
  return ofSubProcedure ? DossierOrigin.SUB_PROCEDURE : DossierOrigin.APPLICANT;
};
