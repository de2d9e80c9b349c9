import type { Definition } from '@lienthong/contracts/registry';
import { build } from './build.ts';
import { tooLarge } from './limits.ts';
import type { CompiledWorkflow } from './model.ts';
import { isError, Problems } from './problem.ts';
import { failure, type Result, success } from './result.ts';

/**
 * Compiles a definition that can run: its structure is sound and its conditions compile. `checkDefinition` checks whether
 * it makes sense as a procedure; a rule that is added there later never stops dossiers of an earlier version. Refuses:
 * DEFINITION_TOO_LARGE; WORKFLOW_UNSOUND, with a violation for each problem.
 */
export function compile(definition: Definition): Result<CompiledWorkflow> {
  const excess = tooLarge(definition);
  if (excess !== undefined) {
    const reason = 'DEFINITION_TOO_LARGE';
    const violations = [{ field: excess.place, description: excess.message, reason }];
    return failure({
      kind: 'invalid-argument',
      reason,
      message: `${excess.place}: ${excess.message}`,
      violations,
    });
  }
  const problems = new Problems();
  const { root, ...built } = build(definition, problems);
  const errors = problems.all.filter(isError);
  if (root !== undefined && errors.length === 0) return success({ definition, root, ...built });
  const violations = errors.map(({ place, message, reason }) => ({
    field: place,
    description: message,
    reason,
  }));
  const shown = violations.slice(0, 3).map(({ field, description }) => `${field}: ${description}`);
  const more = violations.length > 3 ? ` (and ${violations.length - 3} more)` : '';
  const message = `the workflow cannot be run: ${shown.join('; ')}${more}`;
  return failure({ kind: 'invalid-argument', reason: 'WORKFLOW_UNSOUND', message, violations });
}
