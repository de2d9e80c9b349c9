import type { Definition, Procedure } from '@lienthong/contracts/registry';
import type { CommandBus } from '@lienthong/eventlog';
import {
  type CallInfo,
  type Clock,
  type Database,
  field,
  instant,
  invalid,
  type Policy,
  type Refusal,
  refuse,
} from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import { z } from 'zod';
import { normalise } from '../document/normalise.ts';
import { asViolation } from '../document/places.ts';
import type { Command } from '../domain/command.ts';
import { isPublic } from '../domain/procedure.ts';
import { unknownProcedure } from '../domain/refusals.ts';
import { readVersion } from '../store/read.ts';

/** What the handlers stand on. */
export interface Edge {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
  commands: CommandBus<Command, unknown>;
}

/** The register of procedures is the platform administrator's. */
export const EDITORS: Policy = { anyOf: ['admin'] };

export const writesProcedures = ({ principal }: Pick<CallInfo, 'principal'>): boolean =>
  principal.roles.includes('admin');

/** What makes a call a change: its id and the version it is about. */
export const onVersion = { requestId: field.uuid, procedureId: field.uuid };

const DECISION_REQUIRED = 'is required: the decision by which this takes effect';

export const decision = z.object(
  {
    number: field.text({ min: 1, max: 50 }),
    decidedOn: field.date,
    signerName: field.text({ min: 1, max: 100 }),
    signerPosition: field.text({ min: 1, max: 100 }),
  },
  DECISION_REQUIRED,
);

/** Refuses a change without any decision for that reason, before its fields are looked at. */
export function requireDecision(given: object | undefined): void {
  if (given === undefined)
    refuse(invalid([{ field: 'decision', description: DECISION_REQUIRED, reason: 'DECISION_REQUIRED' }]));
}

/** A request's definition in its normal form; refuses it with every fault of form. */
export function definitionIn(given: Definition | undefined): Definition {
  if (given === undefined)
    return refuse(invalid([{ field: 'definition', description: 'is required', reason: 'FIELD_REQUIRED' }]));
  const normal = normalise(given);
  if (normal.ok) return normal.definition;
  return refuse(invalid(normal.faults.map((fault) => asViolation(fault, 'definition'))));
}

/** A version by its id; a draft is there only for those who write it. */
export async function visibleVersion({ db }: Edge, id: string, info: CallInfo): Promise<Procedure> {
  const version = await readVersion(db, id);
  if (version && (isPublic(version) || writesProcedures(info))) return version;
  return refuse(unknownProcedure);
}

/** The date asked about; '' is today. */
export const dateOf = (clock: Clock, at: string): string => at || instant(clock).today;

export const unknownAgency = (place: string): Refusal => ({
  kind: 'not-found',
  reason: 'AGENCY_UNKNOWN',
  message: `${place} names no agency`,
  violations: [{ field: place, description: 'names no agency', reason: 'AGENCY_UNKNOWN' }],
});
