import { type Problem, Severity } from '@lienthong/contracts/registry';
import { principalOf } from '@lienthong/kit';
import { z } from 'zod';
import { documentPath, documentPlace } from '../document/places.ts';
import { MAX_DOCUMENT_BYTES, type PlacedFault } from '../document/read-yaml.ts';
import { query, Registry } from './deps.ts';
import { findProblems } from './find-problems.ts';

export const checkDefinitionText = query(Registry.checkDefinitionText, {
  policy: 'authenticated',
  // A larger text is answered with its size.
  maxBytes: 2 * MAX_DOCUMENT_BYTES,
  request: z.object({ yaml: z.string() }),
  handle: async ({ yaml }, context, deps) => {
    const principal = principalOf(context);
    const read = await deps.pools.definitions.run(principal, 'readDocument', yaml);
    if (!read.ok) return { definition: undefined, problems: read.faults.map(asProblem) };
    const today = { from: context.today, to: context.today };
    const problems = await findProblems(read.definition, today, context, deps);
    const places = problems.map(({ place }) => place);
    const { lines } = await deps.pools.definitions.run(principal, 'readDocument', yaml, places);
    return {
      definition: read.definition,
      problems: problems.map((problem, i) => ({
        ...problem,
        place: documentPlace(documentPath(problem.place)),
        line: lines[i] ?? 0,
      })),
    };
  },
});

const asProblem = (fault: PlacedFault): Problem => ({ severity: Severity.ERROR, blockKey: '', ...fault });
