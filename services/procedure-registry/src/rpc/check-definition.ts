import { type Definition, type Problem, Severity } from '@lienthong/contracts/registry';
import { z } from 'zod';
import type { FormFault } from '../document/check-document.ts';
import { normalise } from '../document/normalise.ts';
import { protoPlace } from '../document/places.ts';
import { referencesOf } from '../domain/references.ts';
import { problemsAt } from '../domain/soundness.ts';
import { readHistories } from '../store/load.ts';
import { type Deps, query, Registry } from './deps.ts';
import { WITH_DEFINITION } from './fields.ts';

export const checkDefinition = query(Registry.checkDefinition, {
  policy: 'authenticated',
  ...WITH_DEFINITION,
  request: z.object({
    // What is wrong with its form is an answer here, not a refusal.
    definition: z
      .custom<Definition>((given) => given !== undefined, {
        error: 'is required',
        params: { reason: 'FIELD_REQUIRED' },
      })
      .transform(normalise),
  }),
  handle: async ({ definition }, { today }, deps) => ({
    problems: definition.ok
      ? await problemsOf(deps, definition.definition, today)
      : definition.faults.map(asProblem),
  }),
});

/** Among the agencies and procedures of today. */
async function problemsOf({ db, agencies }: Deps, definition: Definition, today: string): Promise<Problem[]> {
  const [histories] = await Promise.all([
    readHistories(db, { calls: referencesOf(definition).calls }),
    agencies.refresh(db),
  ]);
  return problemsAt({ agencies, histories }, definition, today);
}

const asProblem = ({ path, reason, message }: FormFault): Problem => ({
  severity: Severity.ERROR,
  reason,
  place: protoPlace(path),
  blockKey: '',
  message,
});
