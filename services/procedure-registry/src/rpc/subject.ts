import type { Definition, DrawWorkflowRequest } from '@lienthong/contracts/registry';
import { type Context, field, reportUnder } from '@lienthong/kit';
import { z } from 'zod';
import { definitionOf } from '../domain/procedure.ts';
import type { Deps } from './deps.ts';
import { definition, normalForm } from './fields.ts';
import { visibleVersion } from './visible-version.ts';

export type Subject = { procedureId: string } | { definition: Definition };

const cases = { procedureId: z.object({ procedureId: field.uuid }), definition: z.object({ definition }) };

/** What the oneof `subject` of a request names; its violations stand under the chosen field, as in the proto. */
export const subjectFields = z.custom<DrawWorkflowRequest>().transform(({ subject }, context): Subject => {
  if (subject === undefined) {
    const message = 'must be a procedure_id or a definition';
    context.addIssue({ code: 'custom', message, path: ['subject'], params: { reason: 'ONE_OF_REQUIRED' } });
    return z.NEVER;
  }
  const parsed = cases[subject.$case].safeParse({ [subject.$case]: subject.value });
  if (parsed.success) return parsed.data;
  reportUnder([], parsed.error, context);
  return z.NEVER;
});

/** The definition a request is about, in its normal form: of a version that is kept, or one that is not. */
export async function definitionOfSubject(
  subject: Subject,
  context: Context,
  deps: Deps,
): Promise<Definition> {
  if ('definition' in subject) return normalForm(subject.definition, context, deps);
  return definitionOf(await visibleVersion(deps.db, subject.procedureId, context.caller));
}
