/** What a reorganisation does to officers: named ones are moved, heads are appointed, the others follow their agency. */
import type { Officer, Posting } from '@lienthong/contracts/directory';
import { isInForce, postingsOf } from '@lienthong/reference-data';
import type { HeadAppointment, OfficerMove, Reorganise } from '../command.ts';
import type { Draft } from '../draft.ts';
import { nameOf } from '../register.ts';
import { describe } from '../span.ts';
import type { People } from './people.ts';
import { followAgencies, repost } from './postings.ts';

/** Returns the ids of the heads, in the order of the command. Problems are reported to the draft. */
export function moveOfficers(
  draft: Draft,
  people: People,
  { officerMoves = [], heads = [] }: Pick<Reorganise, 'officerMoves' | 'heads'>,
): string[] {
  const named = new Set<string>();
  for (const move of officerMoves) {
    draft.at(move);
    moveOne(draft, people, move, named);
  }
  const headed = new Set<string>();
  const ids = heads.map((head) => {
    draft.at(head);
    return appointHead(draft, people, head, named, headed);
  });
  for (const { type, agency } of draft.changes)
    if (type === 'AgencyEnded') for (const officer of people.at(agency.id)) follow(draft, people, officer);
  return ids;
}

function moveOne(draft: Draft, people: People, move: OfficerMove, named: Set<string>): void {
  const agency = draft.subject(move.agency, 'agency');
  const found = officerInPosition(draft, people, move.officerId, named);
  if (!agency || !found) return;
  const head = found.posting.head && found.posting.agencyId === agency.id;
  people.put(
    'OfficerMoved',
    found.officer,
    repost(found.officer, draft.effectiveOn, changeOf(agency.id, move, head)),
  );
}

function appointHead(
  draft: Draft,
  people: People,
  head: HeadAppointment,
  named: Set<string>,
  headed: Set<string>,
): string {
  const on = draft.effectiveOn;
  const agency = draft.subject(head.agency, 'agency');
  const found = head.isNew ? undefined : officerInPosition(draft, people, head.officerId, named);
  if (!agency || (!head.isNew && !found)) return head.officerId;
  if (headed.has(agency.id)) {
    draft.problem('agency', {
      kind: 'invalid-argument',
      reason: 'HEAD_NAMED_TWICE',
      description: `another head of ${nameOf(agency)} is named before; an agency has one head at a time`,
    });
    return head.officerId;
  }
  headed.add(agency.id);
  const term = { validFrom: on, validTo: found?.posting.validTo ?? '' };
  for (let other = people.otherHead(agency.id, term, head.officerId); other; ) {
    if (other.posting.validFrom > on) {
      draft.problem('agency', {
        kind: 'failed-precondition',
        reason: 'OVERLAPPING_VALIDITY',
        description: `${other.officer.fullName} (${other.officer.id}) is head ${describe(other.posting)}; relieve them first`,
      });
      return head.officerId;
    }
    people.put('OfficerMoved', other.officer, repost(other.officer, on, { head: false }));
    other = people.otherHead(agency.id, term, head.officerId);
  }
  const change = changeOf(agency.id, head, true);
  if (found) people.put('OfficerMoved', found.officer, repost(found.officer, on, change));
  else {
    const { officerId: id, fullName, position, roles } = head;
    const posting = {
      agencyId: agency.id,
      position,
      roles: [...roles],
      head: true,
      afterEnd: false,
      ...term,
    };
    people.put('OfficerAppointed', { id, fullName, ...posting, earlier: [] }, [posting]);
  }
  return head.officerId;
}

/** The officer and the posting in force on the effective date; undefined when that is a problem. */
function officerInPosition(
  draft: Draft,
  people: People,
  officerId: string,
  named: Set<string>,
): { officer: Officer; posting: Posting } | undefined {
  const officer = people.get(officerId);
  const posting = officer && postingsOf(officer).find((one) => isInForce(one, draft.effectiveOn));
  if (officer && posting && !named.has(officerId)) {
    named.add(officerId);
    return { officer, posting };
  }
  draft.problem(
    'officer_id',
    officer === undefined
      ? { kind: 'not-found', reason: 'UNKNOWN_OFFICER', description: `there is no officer ${officerId}` }
      : posting === undefined
        ? {
            kind: 'failed-precondition',
            reason: 'OFFICER_NOT_IN_POSITION',
            description: `${officer.fullName} holds no position on ${draft.effectiveOn}; appoint them instead`,
          }
        : {
            kind: 'invalid-argument',
            reason: 'OFFICER_NAMED_TWICE',
            description: `${officer.fullName} is named before; name an officer once`,
          },
  );
  return undefined;
}

const changeOf = (
  agencyId: string,
  { position, roles }: Pick<OfficerMove, 'position' | 'roles'>,
  head: boolean,
): Partial<Posting> => ({
  agencyId,
  head,
  ...(position !== '' ? { position } : {}),
  ...(roles.length > 0 ? { roles: [...roles] } : {}),
});

/** Without a change the officer has left before, or the agency ends without a successor. */
function follow(draft: Draft, people: People, officer: Officer): void {
  const before = postingsOf(officer);
  const after = followAgencies(draft.register, before);
  if (after.some((posting, i) => posting !== before[i])) people.put('OfficerMoved', officer, before);
}
