import { ImmutableMap } from '@lienthong/eventlog';
import { type Tx, vietnamDate } from '@lienthong/kit';
import { codeAt, type ReferenceCache } from '@lienthong/reference-data';
import type { Command, Lodge } from '../domain/decision/command.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import { codePrefix, type World } from '../domain/dossier/world.ts';
import { lockDossiers } from './dossiers.ts';
import { lockSeries } from './numbers.ts';
import type { ProcedureCache } from './procedures.ts';
import { lockUsableFiles } from './usable-files.ts';

/** The world of a batch, which its commands change one after the other. */
export interface BatchWorld extends World {
  dossiers: ImmutableMap<string, Dossier>;
  nextNumbers: ImmutableMap<string, number>;
}

/**
 * Reads and locks what a batch of commands needs, in one flight. Every batch locks in the same order: dossiers by id,
 * then number series by prefix, then files by digest. The copies in memory are refreshed last, so that they are never older than the rows.
 */
export async function loadWorld(
  tx: Tx,
  reference: ReferenceCache,
  procedures: ProcedureCache,
  commands: readonly Command[],
): Promise<BatchWorld> {
  const ids = new Set<string>();
  const lodgings: Lodge[] = [];
  for (const command of commands) {
    if (command.kind === 'lodge') lodgings.push(command);
    else ids.add(command.dossierId);
  }
  while (true) {
    const prefixes = seriesOf(lodgings, reference);
    const [dossiers, nextNumbers, files, changed] = await Promise.all([
      lockDossiers(tx, [...ids]),
      lockSeries(tx, prefixes),
      lockUsableFiles(tx, reference.agencies, commands),
      reference.refresh(tx),
      procedures.refresh(tx),
    ]);
    // Agencies decide which series are locked and which files may be used: when they have just changed, load again.
    if (changed) continue;
    const { agencies, officers, calendars } = reference;
    return {
      dossiers: ImmutableMap.from(dossiers),
      nextNumbers: ImmutableMap.from(nextNumbers),
      agencies,
      officers,
      calendars,
      procedures,
      files,
    };
  }
}

/** The prefixes of the new dossiers' codes. An unknown agency gets none: its command is refused. */
function seriesOf(lodgings: readonly Lodge[], { agencies }: ReferenceCache): Set<string> {
  const prefixes = new Set<string>();
  for (const { caller, now } of lodgings) {
    const agency = agencies.get(caller.agencyId);
    if (agency) prefixes.add(codePrefix(codeAt(agency, vietnamDate(new Date(now))), now));
  }
  return prefixes;
}
