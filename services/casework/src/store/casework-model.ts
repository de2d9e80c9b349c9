import type { CommandModel, NewEvent } from '@lienthong/eventlog';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Command, Reply } from '../domain/decision/command.ts';
import { decide } from '../domain/decision/decide.ts';
import type { DossierChange } from '../domain/dossier/state.ts';
import type { World } from '../domain/dossier/world.ts';
import { loadWorld } from './load.ts';
import { draw } from './numbers.ts';
import type { ProcedureCache } from './procedures.ts';
import { writeChanges } from './project.ts';

/**
 * Events say too little to write dossiers from: they carry nothing personal. So the state a command left travels, in
 * memory only, with the first of its events.
 */
type WithAfter = NewEvent & { after?: DossierChange };

/** One model for all commands, so that they share transactions. */
export const caseworkModel = (
  reference: ReferenceCache,
  procedures: ProcedureCache,
): CommandModel<Command, World, Reply> => ({
  load: (tx, commands) => loadWorld(tx, reference, procedures, commands),
  decide(command, world) {
    const decided = decide(command, world);
    if (!decided.ok) return decided;
    const { events, reply, change: after } = decided.value;
    const [first, ...rest] = events;
    if (first === undefined) throw new Error(`${command.kind} changed a dossier without an event`);
    return { ok: true, reply, events: [{ ...first, after } as WithAfter, ...rest] };
  },
  story: (command, { dossiers }) => ({ dossier: dossiers.get(command.dossierId)?.code }),
  evolve(world, event) {
    const { after } = event as WithAfter;
    if (after === undefined) return;
    world.dossiers.set(after.dossier.id, after.dossier);
    if (after.applicant) draw(world.nextNumbers, after.dossier);
  },
  project(tx, events) {
    const changes = (events as readonly WithAfter[]).flatMap(({ after }) => after ?? []);
    writeChanges(tx, procedures, changes);
  },
});
