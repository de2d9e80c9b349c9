import type { CommandModel } from '@lienthong/eventlog';
import { type Sealer, success } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Command, Reply } from '../domain/decision/command.ts';
import { decide } from '../domain/decision/decide.ts';
import type { DossierChange } from '../domain/dossier/state.ts';
import { type BatchWorld, loadWorld } from './load.ts';
import { nextNumber } from './numbers.ts';
import type { ProcedureCache } from './procedures.ts';
import { writeChanges } from './project.ts';
import { sealReasons } from './seal-reasons.ts';

/** One model for all commands, so that they share transactions. */
export const caseworkModel = (
  reference: ReferenceCache,
  procedures: ProcedureCache,
  sealer: Sealer,
): CommandModel<Command, BatchWorld, Reply, DossierChange> => ({
  load: (tx, commands) => loadWorld(tx, reference, procedures, commands),
  decide(command, world) {
    const result = decide(command, world);
    return result.ok ? success(sealReasons(result.value, sealer)) : result;
  },
  story: (command, { dossiers }) => ({ dossier: dossiers.get(command.dossierId)?.code }),
  evolve: (world, { dossier, applicant }) => ({
    ...world,
    dossiers: world.dossiers.with([[dossier.id, dossier]]),
    // Only a dossier that was lodged has its applicant in the change.
    nextNumbers: applicant ? world.nextNumbers.with([nextNumber(dossier)]) : world.nextNumbers,
  }),
  project: (tx, changes) => writeChanges(tx, { procedures, sealer }, changes),
});
