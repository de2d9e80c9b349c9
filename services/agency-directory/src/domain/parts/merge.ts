import type { Merge } from '../command.ts';
import type { Draft } from '../draft.ts';
import { nameOf } from '../register.ts';
import { close, findEndingAgency } from './end.ts';

/** Every predecessor ends, and the successor takes over everything. */
export function merge(draft: Draft, part: Merge): void {
  const successor = draft.find(part.successor, 'successor');
  for (const [i, ref] of part.predecessors.entries()) {
    const field = `predecessors[${i}]`;
    const predecessor = findEndingAgency(draft, ref, field);
    if (!predecessor || !successor) continue;
    if (predecessor.id === successor.id) {
      draft.problem(field, {
        kind: 'invalid-argument',
        reason: 'SUCCEEDS_ITSELF',
        description: `${nameOf(successor)} is the successor; it cannot also be a predecessor`,
      });
      continue;
    }
    const succession = draft.own(
      {
        predecessorId: predecessor.id,
        successorId: successor.id,
        main: true,
        whole: true,
        functions: [],
        effectiveOn: draft.effectiveOn,
        legalBasis: draft.legalBasis,
        officersFollow: true,
      },
      'successor',
    );
    close(draft, predecessor, field, [succession]);
  }
}
