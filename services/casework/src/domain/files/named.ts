/** The files that commands name by digest and dossiers carry. */
import { invalid, isSha256, refuse } from '@lienthong/kit';
import { type Data, filesIn } from '@lienthong/workflow';
import type { Caller } from '../decision/command.ts';
import type { Decision } from '../decision/events.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Dossier } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';

interface Named {
  sha256: string;
}

/** A file that a command names, with the field that does. */
interface NamedFile extends Named {
  field: string;
}

/** The key of a file in `World.files`. */
export const fileKey = (agencyId: string, sha256: string): string => `${agencyId} ${sha256}`;

export const digestsOf = (named: readonly Named[]): string[] =>
  named.flatMap(({ sha256 }) => (sha256 === '' ? [] : sha256));

export const named = (list: 'papers' | 'results', of: readonly Named[]): NamedFile[] =>
  of.map(({ sha256 }, i) => ({ field: `${list}[${i}].sha256`, sha256 }));

/** The texts of data that look like digests: which of its fields are files, only its procedure says. */
export const digestsLikelyIn = (data: Data): string[] => Object.values(data).filter(isSha256);

/** The files in data that were not in it before. */
export function namedIn({ definition }: CompiledProcedure, data: Data, before: Data = {}): NamedFile[] {
  const there = new Set(Object.values(before));
  return filesIn(definition.data, data)
    .filter(({ sha256 }) => !there.has(sha256))
    .map(({ path, sha256 }) => ({ field: `data.${path}`, sha256 }));
}

/** Every digest is of a file that the caller's agency uploaded or may read. Refuses by field: FILE_NOT_UPLOADED. */
export function mustHaveFiles(
  { files }: Pick<World, 'files'>,
  { agencyId }: Pick<Caller, 'agencyId'>,
  wanted: readonly NamedFile[],
): void {
  const violations = wanted.flatMap(({ field, sha256 }) =>
    sha256 === '' || files.has(fileKey(agencyId, sha256))
      ? []
      : {
          field,
          reason: 'FILE_NOT_UPLOADED',
          description:
            'is not the digest of a file that your agency has uploaded or may read; upload it first',
        },
  );
  if (violations.length > 0) refuse({ ...invalid(violations), kind: 'failed-precondition' });
}

const CARRIERS = ['papers', 'handedIn', 'results', 'subResults'] as const;

const carriedBy = (dossier: Dossier, { definition }: CompiledProcedure): Set<string> =>
  new Set([
    ...CARRIERS.flatMap((key) => digestsOf(dossier[key])),
    ...digestsOf(filesIn(definition.data, dossier.data)),
  ]);

/** A decision with the files that its dossier carries from now on, and those that it does not carry any more. */
export function withFiles(decision: Decision, before: Dossier | undefined, { procedures }: World): Decision {
  const { change } = decision;
  const { dossier } = change;
  if (dossier.data === before?.data && CARRIERS.every((key) => dossier[key] === before?.[key]))
    return decision;
  const procedure = procedures.byId(dossier.procedureId);
  if (procedure === undefined) throw new Error(`the procedure of dossier ${dossier.id} is not in the copy`);
  const now = carriedBy(dossier, procedure);
  const then = before ? carriedBy(before, procedure) : new Set<string>();
  const files = { carried: [...now.difference(then)], left: [...then.difference(now)] };
  if (files.carried.length + files.left.length === 0) return decision;
  return { ...decision, change: { ...change, files } };
}
