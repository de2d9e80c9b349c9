import type { Definition, Problem } from '@lienthong/contracts/registry';
import { type Context, principalOf } from '@lienthong/kit';
import { definitionOf, isDraft } from '../domain/procedure.ts';
import type { Checked } from '../domain/publishing.ts';
import { referencesOf } from '../domain/references.ts';
import { datesIn, dayAt, type Period } from '../domain/soundness.ts';
import { readReached } from '../store/reached.ts';
import { readVersion } from '../store/read.ts';
import { basisOf, readRevision } from '../store/revision.ts';
import type { Deps } from './deps.ts';

/** The problems of a definition among the agencies and procedures of a period, found in a thread. */
export async function findProblems(
  definition: Definition,
  period: Period,
  context: Context,
  { db, agencies, pools }: Deps,
): Promise<Problem[]> {
  const [reached] = await Promise.all([
    readReached(db, referencesOf(definition).calls, period),
    agencies.refresh(db),
  ]);
  const records = reached.map(({ record }) => record);
  const days = datesIn(period, reached).map((date) => dayAt(agencies, definition, date));
  return pools.definitions.run(principalOf(context), 'findProblems', definition, records, days);
}

/**
 * The problems of a draft, found before its command takes the registry's lock, so that nobody waits for them there.
 * Undefined when there is no such draft.
 */
export async function checkDraft(
  procedureId: string,
  period: Period,
  context: Context,
  deps: Deps,
): Promise<Checked | undefined> {
  const { db, agencies } = deps;
  // The basis first: what is read after it is of the same state, or the basis has changed when the command is decided.
  const [revision] = await Promise.all([readRevision(db), agencies.refresh(db)]);
  const basis = basisOf(revision, agencies);
  const version = await readVersion(db, procedureId);
  if (version === undefined || !isDraft(version)) return undefined;
  return { basis, problems: await findProblems(definitionOf(version), period, context, deps) };
}
