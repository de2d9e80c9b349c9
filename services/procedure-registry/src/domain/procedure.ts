import {
  type Definition,
  type Procedure,
  ProcedureState,
  type ProcedureSummary,
} from '@lienthong/contracts/registry';

const S = ProcedureState;

/** One code with all its versions; the aggregate. */
export interface History {
  /** UUID of the aggregate: the id of the first version ever drafted. */
  id: string;
  code: string;
  /** The number of its last event. */
  lastEvent: number;
  /** Ascending by number. */
  versions: readonly Procedure[];
}

export const isDraft = ({ state }: Procedure): boolean => state === S.DRAFT || state === S.VALIDATED;

/** Whether a draft was written since a caller read it; a caller who names no revision (0) takes it as it is. */
export const isChanged = (draft: Procedure, revision: number): boolean =>
  revision !== 0 && revision !== draft.revision;

/** Whether the public may read the version: it has been published, and perhaps amended or repealed since. */
export const isPublic = (version: Procedure): boolean => !isDraft(version);

export const draftOf = (history: History): Procedure | undefined => history.versions.find(isDraft);

/** The newest published version, in force or not yet. A later version must begin after it. */
export const latestPublished = (history: History): Procedure | undefined =>
  history.versions.findLast(isPublic);

/** Dates are calendar dates in Vietnam, YYYY-MM-DD. */
export const isInForce = (version: Procedure, date: string): boolean =>
  isPublic(version) && version.effectiveOn <= date && (version.endedOn === '' || date < version.endedOn);

export const isEndedBy = ({ endedOn }: Procedure, date: string): boolean => endedOn !== '' && endedOn <= date;

export const inForceAt = (history: History, date: string): Procedure | undefined =>
  history.versions.find((version) => isInForce(version, date));

export function definitionOf({ id, definition }: Procedure): Definition {
  if (definition === undefined) throw new Error(`version ${id} of a procedure has no definition`);
  return definition;
}

export function summaryOf(version: Procedure): ProcedureSummary {
  const { name, field, tiers, timeLimit, sample, serviceLevel, servedElsewhere } = definitionOf(version);
  const { id, code, version: number, state, effectiveOn, endedOn } = version;
  const outline = { id, code, version: number, state, name, field, tiers, effectiveOn, endedOn };
  const suspended = version.suspension !== undefined;
  return { ...outline, timeLimit, sample, serviceLevel, servedElsewhere, suspended };
}
