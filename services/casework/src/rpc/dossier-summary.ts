import { Applicant, type DossierSummary } from '@lienthong/contracts/casework';
import { toDate } from '../domain/dossier/messages.ts';
import type { ProcedureRecords } from '../store/procedures.ts';
import { decodeDossier } from '../store/record.ts';

/** A dossier in a list, for its participants. */
export function toSummary(
  { dossier: record, applicant }: { dossier: string; applicant: string },
  procedures: ProcedureRecords,
): DossierSummary {
  const dossier = decodeDossier(record);
  const procedure = procedures.record(dossier.procedureId);
  return {
    id: dossier.id,
    code: dossier.code,
    procedureCode: procedure?.code ?? '',
    procedureName: procedure?.definition?.name ?? '',
    status: dossier.status,
    intake: dossier.intake,
    holder: dossier.holder,
    lodgedAt: toDate(dossier.lodgedAt),
    dueAt: toDate(dossier.dueAt),
    dueProvisional: dossier.provisional,
    urgency: dossier.urgency,
    parentDossierId: dossier.parentDossierId,
    applicantName: Applicant.fromJSON(JSON.parse(applicant)).fullName,
  };
}
