import { LIMITS } from '../limits.ts';
import type { Problems } from '../problem.ts';

/** Checks that a name is given and not too long. */
export function checkText(
  text: string,
  place: string,
  reason: string,
  missing: string,
  problems: Problems,
): void {
  if (text.trim() === '') problems.error(reason, place, `${missing}; give it one`);
  else if (text.length > LIMITS.name) {
    problems.error(
      'NAME_TOO_LONG',
      place,
      `is ${text.length} characters long; shorten it to at most ${LIMITS.name}`,
    );
  }
}
