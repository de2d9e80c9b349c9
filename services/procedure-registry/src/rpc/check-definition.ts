import { type Problem, Severity } from '@lienthong/contracts/registry';
import { principalOf } from '@lienthong/kit';
import { z } from 'zod';
import type { FormFault } from '../document/check-document.ts';
import { protoPlace } from '../document/places.ts';
import { query, Registry } from './deps.ts';
import { definition, WITH_DEFINITION } from './fields.ts';
import { findProblems } from './find-problems.ts';

export const checkDefinition = query(Registry.checkDefinition, {
  policy: 'authenticated',
  ...WITH_DEFINITION,
  request: z.object({ definition }),
  handle: async ({ definition }, context, deps) => {
    const normal = await deps.pools.definitions.run(principalOf(context), 'normalise', definition);
    // What is wrong with its form is an answer here, not a refusal.
    if (!normal.ok) return { problems: normal.faults.map(asProblem) };
    const today = { from: context.today, to: context.today };
    return { problems: await findProblems(normal.definition, today, context, deps) };
  },
});

const asProblem = ({ path, reason, message }: FormFault): Problem => ({
  severity: Severity.ERROR,
  reason,
  place: protoPlace(path),
  blockKey: '',
  message,
  line: 0,
});
