import type { Agency } from '@lienthong/contracts/directory';
import { isInForce } from '@lienthong/reference-data';
import type { Update } from '../command.ts';
import type { Draft } from '../draft.ts';
import { nameOf } from '../register.ts';
import { describe, supersede } from '../span.ts';
import { freeToBegin } from './free-to-begin.ts';

/** Codes, functions and office hours that change on the effective date; the part applies as a whole or not at all. */
export function update(draft: Draft, part: Update): void {
  const agency = draft.subject(part.agency, 'agency');
  if (!agency) return;
  const identifiers = withCodes(draft, part, agency);
  const functions = withFunctions(draft, part, agency);
  const officeHours = withOfficeHours(draft, part, agency);
  if (identifiers && functions && officeHours) {
    draft.record('AgencyUpdated', { ...agency, identifiers, functions, officeHours });
  }
}

function withCodes(draft: Draft, part: Update, agency: Agency): Agency['identifiers'] | undefined {
  let identifiers = agency.identifiers;
  let free = true;
  for (const [i, code] of part.codes.entries()) {
    const sameScheme = identifiers.filter((identifier) => identifier.code?.scheme === code.scheme);
    free = freeToBegin(draft, sameScheme, `codes[${i}].code`) && free;
    const identifier = draft.own(
      { code, validFrom: draft.effectiveOn, validTo: agency.endedOn },
      `codes[${i}].code`,
    );
    identifiers = supersede(identifiers, identifier, (other) => other.code?.scheme === code.scheme);
  }
  return free ? identifiers : undefined;
}

function withFunctions(draft: Draft, part: Update, agency: Agency): Agency['functions'] | undefined {
  const on = draft.effectiveOn;
  let functions = agency.functions;
  let possible = true;
  for (const [i, name] of part.functionsEnded.entries()) {
    const held = functions.find((fact) => fact.function === name && isInForce(fact, on));
    if (!held || held.validFrom === on) {
      draft.problem(`functions_ended[${i}]`, {
        kind: 'failed-precondition',
        reason: held ? 'END_BEFORE_START' : 'FUNCTION_NOT_HELD',
        description: held
          ? `${nameOf(agency)} holds "${name}" from ${on}; end it on a later day`
          : `${nameOf(agency)} does not hold "${name}" on ${on}`,
      });
      possible = false;
      continue;
    }
    functions = functions.map((fact) => (fact === held ? { ...held, validTo: on } : fact));
  }
  for (const [i, name] of part.functionsAdded.entries()) {
    const held = functions.find((fact) => fact.function === name && isInForce(fact, on));
    if (held) {
      draft.problem(`functions_added[${i}]`, {
        kind: 'failed-precondition',
        reason: 'OVERLAPPING_VALIDITY',
        description: `${nameOf(agency)} already holds "${name}" ${describe(held)}`,
      });
      possible = false;
      continue;
    }
    const fact = { function: name, validFrom: on, validTo: agency.endedOn };
    functions = supersede(functions, fact, (other) => other.function === name);
  }
  return possible ? functions : undefined;
}

function withOfficeHours(draft: Draft, part: Update, agency: Agency): Agency['officeHours'] | undefined {
  if (part.officeHours.length === 0) return agency.officeHours;
  if (!freeToBegin(draft, agency.officeHours, 'office_hours')) return undefined;
  const hours = draft.own(
    { spans: [...part.officeHours], validFrom: draft.effectiveOn, validTo: agency.endedOn },
    'office_hours',
  );
  return supersede(agency.officeHours, hours);
}
