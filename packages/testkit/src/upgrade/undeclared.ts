import semver from 'semver';
import type { MigrationEffect } from './migrations-since.ts';

/**
 * What a migration has to say and does not, in words.
 * @param version the version before, which runs beside the migrated schema until it is replaced
 * @param stops the part of the guide that lists migrations before which that version has to be stopped
 */
export function undeclared(
  { name, breaks, declared }: MigrationEffect,
  version: string,
  stops: string,
): string[] {
  if (declared === undefined)
    return breaks.map(
      (what) =>
        `${name} ${what}: version ${version}, which runs meanwhile, can fail. Only add; or say in the file's first line ` +
        '"-- expand: <why it goes on>" or "-- contract <lowest version that goes on>: <why>"',
    );
  if (declared.kind === 'contract' && semver.gt(declared.servesFrom, version) && !stops.includes(name))
    return [
      `${name} ends version ${version}, which runs meanwhile: wait for the release after ${declared.servesFrom}, or list ` +
        'it in docs/upgrade.md as one that needs a stop',
    ];
  return [];
}
