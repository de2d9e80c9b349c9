import type { Agency } from '@lienthong/contracts/directory';
import type { Party } from '@lienthong/contracts/routing';
import type { FieldViolation } from '@lienthong/kit';
import {
  type AgencyRegister,
  currentHolder,
  hasBegun,
  hasEnded,
  partyAt,
  resolveCode,
} from '@lienthong/reference-data';
import type { RecipientRef } from './document.ts';

export interface ResolvedRecipient {
  /** The agency that the sender named, with its name of that date. */
  addressedTo: Party;
  /** The agency that gets the delivery: the one named, or its successor when that one has ended. */
  holder: Party;
}

/** The limit of violations in a refusal; more of them have one cause. */
const MAX_VIOLATIONS = 100;

/**
 * Finds the agency of each recipient at the document's date, and the agency that holds its work today: a document that
 * names an ended agency goes to its successor at once. Reasons of violations: RECIPIENT_TWICE, RECIPIENT_NOT_BEGUN,
 * RECIPIENT_ENDED, AGENCY_UNKNOWN and those of `resolveCode`.
 * @param promulgatedOn the date for a recipient without as_of
 */
export function resolveRecipients(
  register: AgencyRegister,
  refs: readonly RecipientRef[],
  promulgatedOn: string,
  today: string,
): { recipients: ResolvedRecipient[]; violations: FieldViolation[] } {
  const recipients: ResolvedRecipient[] = [];
  const violations: FieldViolation[] = [];
  const first = new Map<string, number>();
  for (let i = 0; i < refs.length && violations.length < MAX_VIOLATIONS; i += 1) {
    const recipient = refs[i] as RecipientRef;
    const date = recipient.asOf || promulgatedOn;
    const found = find(register, recipient, date, today);
    const field = `recipients[${i}].${recipient.agencyId === '' ? 'code' : 'agency_id'}`;
    if ('reason' in found) {
      violations.push({ field, ...found });
      continue;
    }
    const earlier = first.get(found.agency.id);
    if (earlier !== undefined) {
      const description = `is the same agency as recipients[${earlier}]`;
      violations.push({ field, reason: 'RECIPIENT_TWICE', description });
      continue;
    }
    first.set(found.agency.id, i);
    const addressedTo = partyAt(found.agency, date);
    const holder =
      found.holder === found.agency && date === today ? addressedTo : partyAt(found.holder, today);
    recipients.push({ addressedTo, holder: same(holder, addressedTo) ? addressedTo : holder });
  }
  return { recipients, violations };
}

type Found = { agency: Agency; holder: Agency } | { reason: string; description: string };

function find(register: AgencyRegister, ref: RecipientRef, date: string, today: string): Found {
  const named = ref.agencyId === '' ? byCode(register, ref, date) : register.get(ref.agencyId);
  if (named === undefined)
    return { reason: 'AGENCY_UNKNOWN', description: 'is not the id of an agency in the directory' };
  if ('reason' in named) return named;
  if (!hasBegun(named, today)) {
    const description = `is an agency that begins only on ${named.establishedOn}`;
    return { reason: 'RECIPIENT_NOT_BEGUN', description };
  }
  const holder = hasEnded(named, today) ? currentHolder(register, named.id, today) : named;
  if (holder) return { agency: named, holder };
  const description = `is an agency that ended on ${named.endedOn} and has no successor; name the agency that has its work now`;
  return { reason: 'RECIPIENT_ENDED', description };
}

function byCode(
  register: AgencyRegister,
  { scheme, code }: RecipientRef,
  date: string,
): Agency | { reason: string; description: string } {
  const resolution = resolveCode(register, scheme, code, date);
  if ('found' in resolution) return resolution.found;
  const { reason } = resolution;
  switch (reason) {
    case 'CODE_UNKNOWN':
      return { reason, description: `${code} is not the code of an agency in the directory` };
    case 'CODE_NOT_VALID_AT_DATE':
      return {
        reason,
        description: `${code} was not the code of an agency on ${date}; give as_of, or the agency's id`,
      };
    case 'CODE_AMBIGUOUS':
      return {
        reason,
        description: `${code} was the code of several agencies on ${date}; give the agency's id`,
      };
    default:
      return reason satisfies never;
  }
}

const same = (a: Party, b: Party): boolean =>
  a.agencyId === b.agencyId && a.name === b.name && a.code === b.code;
