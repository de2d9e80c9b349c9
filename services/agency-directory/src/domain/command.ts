import type { AgencyCode } from '@lienthong/contracts/common';
import type { OfficeSpan, Tier } from '@lienthong/contracts/directory';
import type { Fault } from './problem.ts';

/** An agency named in a command: by id, by a code, or by the key of one established in the same command. */
export type Ref = { by: 'id'; id: string } | { by: 'code'; code: AgencyCode } | { by: 'key'; key: string };

/** Where a part stands in the request, so that a violation can name its field. */
interface Place {
  /** From 0. */
  index: number;
  /** For example `parts[3].merge`. */
  field: string;
}

export interface Establish extends Place {
  kind: 'establish';
  id: string;
  /** Empty: nothing refers to it. */
  key: string;
  codes: readonly AgencyCode[];
  name: string;
  nameKind: string;
  tier: Tier;
  parent: Ref | undefined;
  functions: readonly string[];
  officeHours: readonly OfficeSpan[];
  validFrom: string;
  validTo: string;
}

export interface Rename extends Place {
  kind: 'rename';
  agency: Ref;
  name: string;
  nameKind: string;
}

export interface Move extends Place {
  kind: 'move';
  agency: Ref;
  /** Undefined: the top of a tree. */
  parent: Ref | undefined;
  /** Undefined: the tier stays. */
  tier: Tier | undefined;
}

export interface Update extends Place {
  kind: 'update';
  agency: Ref;
  codes: readonly AgencyCode[];
  functionsAdded: readonly string[];
  functionsEnded: readonly string[];
  officeHours: readonly OfficeSpan[];
}

export interface Merge extends Place {
  kind: 'merge';
  predecessors: readonly Ref[];
  successor: Ref;
}

export interface Split extends Place {
  kind: 'split';
  predecessor: Ref;
  successors: readonly { agency: Ref; main: boolean; functions: readonly string[] }[];
}

export interface End extends Place {
  kind: 'end';
  agency: Ref;
}

/** An officer gets another posting on the effective date. */
export interface OfficerMove extends Omit<Place, 'index'> {
  officerId: string;
  agency: Ref;
  /** Empty: as before. */
  position: string;
  /** None: as before. */
  roles: readonly string[];
}

/** An officer, or somebody new, is head of an agency from the effective date on. */
export interface HeadAppointment extends OfficerMove {
  isNew: boolean;
  /** Of somebody new. */
  fullName: string;
}

export type Part = Establish | Rename | Move | Update | Merge | Split | End;

/** Every change of agencies: parts that take effect together, or not at all. */
export interface Reorganise {
  parts: readonly Part[];
  /** Empty only when all parts establish agencies without a known beginning. */
  effectiveOn: string;
  legalBasis: string;
  /** Set when the reorganisation itself is recorded; undefined for a single change or an import. */
  reorganisationId?: string;
  officerMoves?: readonly OfficerMove[];
  heads?: readonly HeadAppointment[];
  /** Faults found before the register was read. The command is refused with these and any further ones. */
  faults?: readonly Fault[];
  /** Keys whose own part is among those faults; references to them are not reported again. */
  brokenKeys?: readonly string[];
}
