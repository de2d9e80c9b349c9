import type { Agency } from '@lienthong/contracts/directory';
import type { Establish } from '../command.ts';
import type { Draft } from '../draft.ts';

/**
 * Gives the agency its id and first facts. `place` follows, since the parent may come later in the
 * command. Refuses: DUPLICATE_KEY, END_BEFORE_START.
 */
export function establish(draft: Draft, part: Establish): Agency | undefined {
  if (part.key !== '' && draft.keys.has(part.key)) {
    draft.problem('key', {
      kind: 'invalid-argument',
      reason: 'DUPLICATE_KEY',
      description: `the key "${part.key}" is used by an earlier part; choose another`,
    });
    return undefined;
  }
  if (part.validTo !== '' && part.validTo <= part.validFrom) {
    draft.problem('valid_to', {
      kind: 'invalid-argument',
      reason: 'END_BEFORE_START',
      description: `must be after valid_from (${part.validFrom})`,
    });
    draft.breakKey(part.key);
    return undefined;
  }
  const span = { validFrom: part.validFrom, validTo: part.validTo };
  const agency: Agency = {
    id: part.id,
    establishedOn: part.validFrom,
    endedOn: part.validTo,
    identifiers: part.codes.map((code, i) => draft.own({ code, ...span }, `codes[${i}].code`)),
    names: [draft.own({ name: part.name, kind: part.nameKind, ...span }, 'name')],
    placements: [],
    functions: part.functions.map((name) => ({ function: name, ...span })),
    officeHours:
      part.officeHours.length === 0
        ? []
        : [draft.own({ spans: [...part.officeHours], ...span }, 'office_hours')],
    successors: [],
    version: 0n,
  };
  if (part.key !== '') draft.keys.set(part.key, agency.id);
  draft.register.put(agency);
  return agency;
}

/** Places a new agency under its parent, once every agency of the command is known. */
export function place(draft: Draft, part: Establish, agency: Agency): void {
  const parent = part.parent && draft.find(part.parent, 'parent', part.validFrom);
  const placement = {
    parentId: parent?.id ?? '',
    tier: part.tier,
    validFrom: part.validFrom,
    validTo: part.validTo,
  };
  draft.record('AgencyEstablished', { ...agency, placements: [draft.own(placement, 'parent')] }, '');
}
