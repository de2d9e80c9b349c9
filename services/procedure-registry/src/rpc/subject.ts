import type { Definition, DrawWorkflowRequest } from '@lienthong/contracts/registry';
import { type Caller, type Database, field, reportUnder } from '@lienthong/kit';
import { z } from 'zod';
import { definitionOf } from '../domain/procedure.ts';
import { definition } from './fields.ts';
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

/** The definition a request is about: of a version that is kept, or one that is not. */
export async function definitionOfSubject(
  db: Database,
  subject: Subject,
  caller: Caller,
): Promise<Definition> {
  if ('definition' in subject) return subject.definition;
  return definitionOf(await visibleVersion(db, subject.procedureId, caller));
}
