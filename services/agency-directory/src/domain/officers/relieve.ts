import type { Officer, Posting } from '@lienthong/contracts/directory';
import { isInForce, postingsOf } from '@lienthong/reference-data';
import type { Problem } from '../problem.ts';
import { cut, dayBefore, describe } from '../span.ts';
import type { People } from './people.ts';

export interface Relieve {
  officerId: string;
  effectiveOn: string;
}

/** The posting that ends when an officer is relieved on a date. */
export const endingPosting = (officer: Officer, effectiveOn: string): Posting =>
  postingsOf(officer).find((one) => isInForce(one, dayBefore(effectiveOn))) ?? officer;

/** The officer, whose last posting ends on the date; or the problem. */
export function relieve(
  people: People,
  { officerId, effectiveOn }: Relieve,
): { ok: true; officer: Officer } | { ok: false; problem: Problem } {
  const officer = people.get(officerId);
  if (!officer) {
    return {
      ok: false,
      problem: {
        kind: 'not-found',
        reason: 'UNKNOWN_OFFICER',
        field: 'officer_id',
        description: `there is no officer ${officerId}`,
      },
    };
  }
  const failed = (reason: string, description: string) => {
    const problem = { kind: 'failed-precondition', reason, field: 'effective_on', description } as const;
    return { ok: false, problem } as const;
  };
  if (officer.validTo !== '' && officer.validTo <= effectiveOn)
    return failed(
      'OFFICER_RELIEVED',
      `${officer.fullName} holds the position ${describe(officer)}; choose a date within that time`,
    );
  const began = postingsOf(officer)[0]?.validFrom ?? '';
  if (effectiveOn <= began)
    return failed('END_BEFORE_START', `must be after ${began}, when the position began`);
  return {
    ok: true,
    officer: people.put('OfficerRelieved', officer, cut(postingsOf(officer), effectiveOn)),
  };
}
