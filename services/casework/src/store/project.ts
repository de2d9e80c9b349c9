import type { Sealer, Tx } from '@lienthong/kit';
import type { Dossier, DossierChange } from '../domain/dossier/state.ts';
import { writePayments } from '../payments/store/payments.ts';
import { insertDataChanges } from './data-changes.ts';
import { insertNotes } from './imported-notes.ts';
import { moveSeries } from './numbers.ts';
import type { ProcedureRecords } from './procedures.ts';
import { insertDossiers, isLive, updateDossiers } from './write-dossiers.ts';
import { writeFileUses } from './write-file-uses.ts';
import { endParticipants, insertApplicants, insertParticipants, type Lodged } from './write-parties.ts';
import { type TaskOf, writeTasks } from './write-tasks.ts';

/**
 * Writes changes, given in their order: one statement per table, and of a dossier that changed several times only the
 * last state. The dossiers are new, or locked by this transaction.
 */
export function writeChanges(
  tx: Tx,
  { procedures, sealer }: { procedures: ProcedureRecords; sealer: Sealer },
  changes: readonly DossierChange[],
): void {
  const lodged = new Map<string, Lodged>();
  const left = new Map<string, Dossier>();
  const tasks = new Map<string, TaskOf>();
  for (const { dossier, tasks: touched, applicant } of changes) {
    if (applicant) lodged.set(dossier.id, { dossier, applicant });
    left.set(dossier.id, dossier);
    for (const task of touched) tasks.set(`${dossier.id} ${task.number}`, { task, dossier });
  }
  const isNew = ({ id }: Dossier) => lodged.has(id);
  const added = [...left.values()].filter(isNew);
  const moved = [...left.values()].filter((dossier) => !isNew(dossier));
  const codeOf = (procedureId: string) => definitionOf(procedures, procedureId).code;
  if (added.length > 0) {
    insertDossiers(tx, added, codeOf);
    insertApplicants(tx, sealer, [...lodged.values()], (id) => definitionOf(procedures, id).name);
    // An import has moved the series of its codes before.
    const lodgedHere = added.filter(({ imported }) => imported === null);
    if (lodgedHere.length > 0) moveSeries(tx, lodgedHere);
  }
  if (moved.length > 0) updateDossiers(tx, moved);
  const touched = [...tasks.values()];
  if (touched.length > 0) writeTasks(tx, touched, codeOf);
  writeFileUses(tx, changes);
  insertDataChanges(tx, changes);
  insertNotes(tx, changes);
  writePayments(tx, changes);
  const joined = changes.flatMap(({ dossier, joined = [] }) =>
    joined.map((agencyId) => ({ agencyId, dossier })),
  );
  insertParticipants(tx, joined, touched, codeOf);
  endParticipants(
    tx,
    [...left.values()].filter((dossier) => !isLive(dossier)),
  );
}

function definitionOf(procedures: ProcedureRecords, procedureId: string): { code: string; name: string } {
  const procedure = procedures.record(procedureId);
  if (!procedure?.definition) throw new Error(`no copy of procedure ${procedureId}`);
  return { code: procedure.code, name: procedure.definition.name };
}
