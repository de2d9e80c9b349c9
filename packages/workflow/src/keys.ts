import { LIMITS } from './limits.ts';
import type { Problems } from './problem.ts';

const BLOCK_KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const FIELD_KEY = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Keys of blocks, outcomes, papers and results. */
export const checkKey = (problems: Problems, key: string, place: string, blockKey = ''): void =>
  check(problems, key, place, blockKey, BLOCK_KEY, 'lower-case words joined by hyphens');

/** Keys of data fields, which are names in CEL. */
export const checkFieldKey = (problems: Problems, key: string, place: string): void =>
  check(
    problems,
    key,
    place,
    '',
    FIELD_KEY,
    'lower-case words joined by underscores, beginning with a letter',
  );

function check(
  problems: Problems,
  key: string,
  place: string,
  blockKey: string,
  pattern: RegExp,
  rule: string,
): void {
  if (key === '') {
    problems.error('KEY_MISSING', place, `has no key; give it one of ${rule}`, blockKey);
  } else if (key.length > LIMITS.key || !pattern.test(key)) {
    const message = `the key ${key.slice(0, LIMITS.key)} must be ${rule}, at most ${LIMITS.key} characters`;
    problems.error('KEY_INVALID', place, message, blockKey);
  }
}

/** Reports each entry that has the key of an earlier one. */
export function checkDistinct(
  problems: Problems,
  keys: readonly string[],
  placeOf: (index: number) => string,
  blockKey = '',
): void {
  for (const [i, key] of keys.entries()) {
    if (key === '' || keys.indexOf(key) === i) continue;
    problems.error('KEY_DUPLICATE', placeOf(i), `the key ${key} is already used; choose another`, blockKey);
  }
}
