/** Arithmetic of an officer's postings, which are in the order of time and never overlap. */
import type { Officer, Posting } from '@lienthong/contracts/directory';
import { isInForce, postingsOf } from '@lienthong/reference-data';
import type { Register } from '../register.ts';
import { later } from '../span.ts';

/** The record with these postings; at least one. */
export function withPostings({ id, fullName }: Officer, postings: readonly Posting[]): Officer {
  const [last, ...before] = postings.map(toPosting).toReversed();
  if (!last) throw new Error(`officer ${id} is left without a posting`);
  return { id, fullName, ...last, earlier: before.toReversed() };
}

/** From a date on, what changes of the posting in force that day; it lasts as long as it would have lasted. */
export const repost = (officer: Officer, on: string, change: Partial<Posting>): Posting[] =>
  postingsOf(officer).flatMap((one) => {
    if (!isInForce(one, on)) return [one];
    const next = { ...one, ...change, validFrom: on };
    return one.validFrom < on ? [{ ...one, validTo: on }, next] : [next];
  });

/** The postings at agencies that end go on at the successors that take the officers over, there not as head. */
export const followAgencies = (register: Register, postings: readonly Posting[]): Posting[] =>
  postings.flatMap((posting) => followOne(register, posting));

function followOne(register: Register, posting: Posting): Posting[] {
  const found: Posting[] = [];
  for (let at = posting; ; ) {
    const agency = register.get(at.agencyId);
    const edge = agency?.successors.find(({ officersFollow }) => officersFollow);
    if (!agency || !edge || (at.validTo !== '' && at.validTo <= agency.endedOn)) return [...found, at];
    if (at.validFrom < agency.endedOn) found.push({ ...at, validTo: agency.endedOn });
    const validFrom = later(at.validFrom, agency.endedOn);
    at = { ...at, agencyId: edge.successorId, head: false, validFrom };
  }
}

/** Marks the postings at successors of the agency before, which ended. */
export const markSuccessions = (register: Register, postings: readonly Posting[]): Posting[] =>
  postings.map((posting, i) => {
    const before = register.get(postings[i - 1]?.agencyId ?? '');
    const afterEnd =
      before?.endedOn === posting.validFrom &&
      before.successors.some(({ successorId }) => successorId === posting.agencyId);
    return { ...posting, afterEnd };
  });

const toPosting = ({ agencyId, position, roles, head, validFrom, validTo, afterEnd }: Posting): Posting => ({
  agencyId,
  position,
  roles,
  head,
  validFrom,
  validTo,
  afterEnd,
});
