import type { CommandModel } from '@lienthong/eventlog';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Command, Reply } from '../domain/decision/command.ts';
import { decide } from '../domain/decision/decide.ts';
import type { DossierChange } from '../domain/dossier/state.ts';
import type { World } from '../domain/dossier/world.ts';
import { loadWorld } from './load.ts';
import { moveNumber } from './numbers.ts';
import type { ProcedureCache } from './procedures.ts';
import { writeChanges } from './project.ts';

/** One model for all commands, so that they share transactions. */
export const caseworkModel = (
  reference: ReferenceCache,
  procedures: ProcedureCache,
): CommandModel<Command, World, Reply, DossierChange> => ({
  load: (tx, commands) => loadWorld(tx, reference, procedures, commands),
  decide,
  story: (command, { dossiers }) => ({ dossier: dossiers.get(command.dossierId)?.code }),
  evolve(world, { dossier, applicant }) {
    world.dossiers.set(dossier.id, dossier);
    if (applicant) moveNumber(world.nextNumbers, dossier);
    return world;
  },
  project: (tx, changes) => writeChanges(tx, procedures, changes),
});
