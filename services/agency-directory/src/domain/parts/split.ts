import type { Succession } from '@lienthong/contracts/directory';
import { isInForce } from '@lienthong/reference-data';
import type { Split } from '../command.ts';
import type { Draft } from '../draft.ts';
import { nameOf } from '../register.ts';
import { dayBefore } from '../span.ts';
import { close, findEndingAgency } from './end.ts';

/** The predecessor ends; each successor takes the functions it names, and the main one takes the rest. */
export function split(draft: Draft, part: Split): void {
  const predecessor = findEndingAgency(draft, part.predecessor, 'predecessor');
  const lastDay = dayBefore(draft.effectiveOn);
  const taken = new Set<string>();
  const successions: Succession[] = [];
  for (const [i, { agency: ref, main, functions }] of part.successors.entries()) {
    const field = `successors[${i}]`;
    const successor = draft.find(ref, `${field}.agency`);
    if (!predecessor || !successor) continue;
    if (successor.id === predecessor.id || successions.some((s) => s.successorId === successor.id)) {
      draft.problem(`${field}.agency`, {
        kind: 'invalid-argument',
        reason: successor.id === predecessor.id ? 'SUCCEEDS_ITSELF' : 'DUPLICATE_SUCCESSOR',
        description: `${nameOf(successor)} is already named; name each agency once`,
      });
      continue;
    }
    for (const [j, name] of functions.entries()) {
      const held = predecessor.functions.some((f) => f.function === name && isInForce(f, lastDay));
      if (!held || taken.has(name)) {
        draft.problem(`${field}.functions[${j}]`, {
          kind: 'failed-precondition',
          reason: held ? 'FUNCTION_GIVEN_TWICE' : 'FUNCTION_NOT_HELD',
          description: held
            ? `"${name}" already goes to another successor; name it once`
            : `${nameOf(predecessor)} does not hold "${name}" on ${lastDay}, its last day`,
        });
      }
      taken.add(name);
    }
    const succession = {
      predecessorId: predecessor.id,
      successorId: successor.id,
      main,
      whole: false,
      functions: [...functions],
      effectiveOn: draft.effectiveOn,
      legalBasis: draft.legalBasis,
      officersFollow: main,
    };
    successions.push(draft.own(succession, `${field}.agency`));
  }
  if (predecessor && successions.length === part.successors.length)
    close(draft, predecessor, 'predecessor', successions);
}
