import {
  Agency,
  CalendarYear,
  type FunctionHeld,
  type OfficeHours,
  Officer,
  type Placement,
  type Succession,
  Tier,
} from '@lienthong/contracts/directory';
import type { NewEvent } from '@lienthong/eventlog';
import { uuidv7 } from '@lienthong/kit';

/** Agencies and officers for tests, and the events by which the directory tells of them. */
export interface AgencyOutline {
  id?: string;
  code: string;
  name: string;
  establishedOn?: string;
  endedOn?: string;
  tier?: Tier;
  parentId?: string;
  /** Held for as long as it exists. */
  functions?: string[];
  officeHours?: Partial<OfficeHours>[];
  successors?: Partial<Succession>[];
  version?: number;
}

/** An agency with one name, one code and one place for as long as it exists. */
export function agency(outline: AgencyOutline): Agency {
  const {
    id = uuidv7(),
    code,
    name,
    establishedOn = '',
    endedOn = '',
    tier = Tier.COMMUNE,
    parentId = '',
    functions = [],
    officeHours = [],
    successors = [],
    version = 1,
  } = outline;
  const validity = { validFrom: establishedOn, validTo: endedOn };
  return Agency.fromPartial({
    id,
    establishedOn,
    endedOn,
    identifiers: [{ code: { scheme: 'QD20', code }, ...validity }],
    names: [{ name, ...validity }],
    placements: [{ parentId, tier, ...validity }],
    functions: functions.map((fn) => ({ function: fn, ...validity })),
    officeHours,
    successors: successors.map((one) => ({ predecessorId: id, whole: true, effectiveOn: endedOn, ...one })),
    version: BigInt(version),
  });
}

/** The same agency ended on a date, its work with a successor. */
export function ended(before: Agency, endedOn: string, successorId?: string, legalBasis = 'NQ 1687'): Agency {
  const validTo = endedOn;
  return Agency.fromPartial({
    ...before,
    endedOn,
    identifiers: before.identifiers.map((one) => ({ ...one, validTo })),
    names: before.names.map((one) => ({ ...one, validTo })),
    placements: before.placements.map((one): Placement => ({ ...one, validTo: one.validTo || validTo })),
    functions: before.functions.map((one): FunctionHeld => ({ ...one, validTo: one.validTo || validTo })),
    successors: successorId
      ? [
          {
            predecessorId: before.id,
            successorId,
            main: true,
            whole: true,
            effectiveOn: endedOn,
            legalBasis,
            officersFollow: true,
          },
        ]
      : [],
    version: before.version + 1n,
  });
}

/** The same agency under another parent from a date on. */
export function moved(before: Agency, on: string, parentId: string): Agency {
  const last = before.placements.at(-1);
  return Agency.fromPartial({
    ...before,
    placements: before.placements
      .map((one): Placement => (one === last ? { ...one, validTo: on } : one))
      .concat({ parentId, tier: last?.tier ?? Tier.COMMUNE, validFrom: on, validTo: '' }),
    version: before.version + 1n,
  });
}

/** The event by which the directory tells of an agency's newest version. */
export const announced = (one: Agency): NewEvent => ({
  type: 'lienthong.directory.v1.AgencyUpdated',
  payload: { agency: one, effectiveOn: one.endedOn, legalBasis: '' },
  aggregateId: one.id,
  version: Number(one.version),
  agencyCode: one.identifiers[0]?.code?.code ?? '',
  agencyId: one.id,
});

export const officer = (outline: Partial<Officer> & Pick<Officer, 'agencyId' | 'fullName'>): Officer =>
  Officer.fromPartial({ id: uuidv7(), position: 'Chuyên viên', roles: ['officer'], ...outline });

/** The event by which the directory tells of an officer's appointment. */
export const appointed = (one: Officer): NewEvent => ({
  type: 'lienthong.directory.v1.OfficerAppointed',
  payload: { officer: one },
  aggregateId: one.id,
  version: 1,
  agencyCode: '',
  agencyId: one.agencyId,
});

/** An officer who has another posting from a date on, where the agency before has ended if `afterEnd`. */
export function transferred(before: Officer, validFrom: string, agencyId: string, afterEnd = true): Officer {
  const { id, fullName, earlier, ...posting } = before;
  return Officer.fromPartial({
    ...before,
    agencyId,
    validFrom,
    head: false,
    afterEnd,
    earlier: [...earlier, { ...posting, validTo: validFrom }],
  });
}

/** The event by which the directory tells of an officer's next posting. */
export const officerMoved = (one: Officer): NewEvent => ({
  type: 'lienthong.directory.v1.OfficerMoved',
  payload: { officer: one, effectiveOn: one.validFrom, legalBasis: 'NQ 1687' },
  aggregateId: one.id,
  version: one.earlier.length + 1,
  agencyCode: '',
  agencyId: one.agencyId,
});

/** The event by which the directory tells that an officer's position ends. */
export const relieved = (one: Officer, effectiveOn: string): NewEvent => ({
  type: 'lienthong.directory.v1.OfficerRelieved',
  payload: { officer: { ...one, validTo: effectiveOn }, effectiveOn },
  aggregateId: one.id,
  version: 2,
  agencyCode: '',
  agencyId: one.agencyId,
});

/** One decided year of the working calendar with these days off. */
export const decidedYear = (year: number, daysOff: readonly string[], version = 1): CalendarYear =>
  CalendarYear.fromPartial({
    year,
    days: daysOff.map((from) => ({
      from,
      name: 'Nghỉ lễ',
      source: 'Thông báo 1/TB-BNV',
      kind: { $case: 'off', value: {} },
    })),
    legalBasis: 'QĐ 1/QĐ-TTg',
    version: BigInt(version),
  });

/** The event by which the directory tells of a decided year; `id` is its aggregate's. */
export const decided = (id: string, year: CalendarYear): NewEvent => ({
  type: 'lienthong.directory.v1.CalendarYearDecided',
  payload: { year },
  aggregateId: id,
  version: Number(year.version),
  agencyCode: '',
  agencyId: '',
});
