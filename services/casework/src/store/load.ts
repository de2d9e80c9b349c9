import type { Tx } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Command } from '../domain/command.ts';
import { numberKey, type World } from '../domain/world.ts';
import { lockDossiers } from './dossiers.ts';
import { lockSeries } from './numbers.ts';
import type { ProcedureCache } from './procedures.ts';

/**
 * Reads and locks what a batch of commands needs, in one flight. Locks are taken in one order by every batch:
 * dossiers by id, then number series by key. What is in memory is brought up to date last, so that it is never older
 * than what the locks gave.
 */
export async function loadWorld(
  tx: Tx,
  reference: ReferenceCache,
  procedures: ProcedureCache,
  commands: readonly Command[],
): Promise<World> {
  const ids = new Set<string>();
  const series = new Set<string>();
  for (const command of commands) {
    if (command.kind === 'lodge') series.add(numberKey(command.caller.agencyId, command.now));
    else ids.add(command.dossierId);
  }
  const [dossiers, nextNumbers] = await Promise.all([
    lockDossiers(tx, [...ids]),
    lockSeries(tx, series),
    reference.refresh(tx),
    procedures.refresh(tx),
  ]);
  const { agencies, officers, calendars } = reference;
  return { dossiers, nextNumbers, agencies, officers, calendars, procedures };
}
