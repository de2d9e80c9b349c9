import type { Agency } from '../agencies.ts';
import { completion, lodging, STEPS } from '../procedure.ts';
import type { AgencyCalls, Target } from '../target.ts';
import { type CommandFigures, measureCommands } from './commands.ts';

/** One dossier from lodging to its result: five durable commands. */
export async function wholeDossier(calls: AgencyCalls, lap: () => void): Promise<void> {
  const { dossierId } = await calls.lodgeDossier(lodging());
  lap();
  for (let taskNumber = 1; taskNumber <= STEPS; taskNumber += 1) {
    await calls.completeTask(completion(dossierId, taskNumber));
    lap();
  }
}

/** Repeats the commands with `callers` agencies at the same time for a number of seconds. */
export async function dossierCommands(
  target: Target,
  agencies: readonly Agency[],
  callers: number,
  seconds: number,
): Promise<CommandFigures> {
  const clients = await Promise.all(agencies.slice(0, callers).map(({ id }) => target.as(id)));
  const figures = await measureCommands(
    clients.map((calls) => (lap: () => void) => wholeDossier(calls, lap)),
    seconds,
  );
  await target.quiet();
  return figures;
}
