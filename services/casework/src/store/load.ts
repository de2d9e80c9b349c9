import { type Tx, vietnamDate } from '@lienthong/kit';
import { codeAt, type ReferenceCache } from '@lienthong/reference-data';
import type { Command, Lodge } from '../domain/decision/command.ts';
import { codePrefix, type World } from '../domain/dossier/world.ts';
import { lockDossiers } from './dossiers.ts';
import { lockSeries } from './numbers.ts';
import type { ProcedureCache } from './procedures.ts';

/**
 * Reads and locks what a batch of commands needs, in one flight. Locks are taken in one order by every batch:
 * dossiers by id, then number series by prefix. What is in memory is brought up to date last, so that it is never
 * older than what the locks gave.
 */
export async function loadWorld(
  tx: Tx,
  reference: ReferenceCache,
  procedures: ProcedureCache,
  commands: readonly Command[],
): Promise<World> {
  const ids = new Set<string>();
  const lodgings: Lodge[] = [];
  for (const command of commands) {
    if (command.kind === 'lodge') lodgings.push(command);
    else ids.add(command.dossierId);
  }
  while (true) {
    const prefixes = seriesOf(lodgings, reference);
    const [dossiers, nextNumbers] = await Promise.all([
      lockDossiers(tx, [...ids]),
      lockSeries(tx, prefixes),
      reference.refresh(tx),
      procedures.refresh(tx),
    ]);
    // What an agency is called decides which series is locked: when that has just changed, lock again.
    if (!seriesOf(lodgings, reference).isSubsetOf(prefixes)) continue;
    const { agencies, officers, calendars } = reference;
    return { dossiers, nextNumbers, agencies, officers, calendars, procedures };
  }
}

/** What the codes of new dossiers will begin with; an agency that is not known will not get any. */
function seriesOf(lodgings: readonly Lodge[], { agencies }: ReferenceCache): Set<string> {
  const prefixes = new Set<string>();
  for (const { caller, now } of lodgings) {
    const agency = agencies.get(caller.agencyId);
    if (agency) prefixes.add(codePrefix(codeAt(agency, vietnamDate(new Date(now))), now));
  }
  return prefixes;
}
