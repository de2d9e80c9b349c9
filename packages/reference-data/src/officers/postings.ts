import type { Officer, Posting } from '@lienthong/contracts/directory';

/** All postings of an officer, oldest first; the record's own fields are the last one. */
export const postingsOf = (officer: Officer): readonly Posting[] => [...officer.earlier, officer];
