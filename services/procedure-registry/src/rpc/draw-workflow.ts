import { draw } from '@lienthong/workflow';
import { query, Registry } from './deps.ts';
import { WITH_DEFINITION } from './fields.ts';
import { definitionOfSubject, subjectFields } from './subject.ts';

export const drawWorkflow = query(Registry.drawWorkflow, {
  policy: 'public',
  ...WITH_DEFINITION,
  request: subjectFields,
  handle: async (subject, { caller }, { db }) => ({
    mermaid: draw(await definitionOfSubject(db, subject, caller)),
  }),
});
