import { principalOf } from '@lienthong/kit';
import { query, Registry } from './deps.ts';
import { WITH_DEFINITION } from './fields.ts';
import { definitionOfSubject, subjectFields } from './subject.ts';

export const drawWorkflow = query(Registry.drawWorkflow, {
  policy: 'public',
  ...WITH_DEFINITION,
  request: subjectFields,
  handle: async (subject, context, deps) => {
    const definition = await definitionOfSubject(subject, context, deps);
    return { mermaid: await deps.pools.definitions.run(principalOf(context), 'draw', definition) };
  },
});
