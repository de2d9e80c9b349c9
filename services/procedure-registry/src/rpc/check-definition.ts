import {
  type CheckDefinitionRequest,
  type CheckDefinitionResponse,
  type Definition,
  type Problem,
  Severity,
} from '@lienthong/contracts/registry';
import { instant, invalid, refuse } from '@lienthong/kit';
import type { FormFault } from '../document/check-document.ts';
import { normalise } from '../document/normalise.ts';
import { protoPlace } from '../document/places.ts';
import { referencesOf } from '../domain/references.ts';
import { problemsAt } from '../domain/soundness.ts';
import { readHistories } from '../store/load.ts';
import type { Edge } from './edge.ts';

export function checkDefinition(edge: Edge) {
  return async ({ definition }: CheckDefinitionRequest): Promise<CheckDefinitionResponse> => {
    if (definition === undefined)
      return refuse(invalid([{ field: 'definition', description: 'is required', reason: 'FIELD_REQUIRED' }]));
    const normal = normalise(definition);
    if (!normal.ok) return { problems: normal.faults.map(asProblem) };
    return { problems: await problemsOf(edge, normal.definition) };
  };
}

/** Among the agencies and procedures of today. */
async function problemsOf({ db, clock, agencies }: Edge, definition: Definition): Promise<Problem[]> {
  const [histories] = await Promise.all([
    readHistories(db, { calls: referencesOf(definition).calls }),
    agencies.refresh(db),
  ]);
  return problemsAt({ agencies, histories }, definition, instant(clock).today);
}

const asProblem = ({ path, reason, message }: FormFault): Problem => ({
  severity: Severity.ERROR,
  reason,
  place: protoPlace(path),
  blockKey: '',
  message,
});
