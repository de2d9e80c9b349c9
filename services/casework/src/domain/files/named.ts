/** The files that commands name by digest and dossiers carry. */
import { invalid, refuse } from '@lienthong/kit';
import type { Caller } from '../decision/command.ts';
import type { Decision } from '../decision/events.ts';
import type { Dossier } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';

interface Named {
  sha256: string;
}

/** The key of a file in `World.files`. */
export const fileKey = (agencyId: string, sha256: string): string => `${agencyId} ${sha256}`;

export const digestsOf = (named: readonly Named[]): string[] =>
  named.flatMap(({ sha256 }) => (sha256 === '' ? [] : sha256));

/** Every digest is of a file that the caller's agency uploaded or may read. Refuses by field: FILE_NOT_UPLOADED. */
export function mustHaveFiles(
  { files }: Pick<World, 'files'>,
  { agencyId }: Pick<Caller, 'agencyId'>,
  list: 'papers' | 'results' | 'lodging.papers',
  named: readonly Named[],
): void {
  const violations = named.flatMap(({ sha256 }, i) =>
    sha256 === '' || files.has(fileKey(agencyId, sha256))
      ? []
      : {
          field: `${list}[${i}].sha256`,
          reason: 'FILE_NOT_UPLOADED',
          description:
            'is not the digest of a file that your agency has uploaded or may read; upload it first',
        },
  );
  if (violations.length > 0) refuse({ ...invalid(violations), kind: 'failed-precondition' });
}

const CARRIERS = ['papers', 'handedIn', 'results', 'subResults'] as const;

const carriedBy = (dossier: Dossier): Set<string> =>
  new Set(CARRIERS.flatMap((key) => digestsOf(dossier[key])));

/** A decision with the files that its dossier carries from now on, and those that it does not carry any more. */
export function withFiles(decision: Decision, before: Dossier | undefined): Decision {
  const { change } = decision;
  if (CARRIERS.every((key) => change.dossier[key] === before?.[key])) return decision;
  const now = carriedBy(change.dossier);
  const then = before ? carriedBy(before) : new Set<string>();
  const files = { carried: [...now.difference(then)], left: [...then.difference(now)] };
  if (files.carried.length + files.left.length === 0) return decision;
  return { ...decision, change: { ...change, files } };
}
