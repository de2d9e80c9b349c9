import { Agency, type Succession } from '@lienthong/contracts/directory';
import type { NewEvent } from '@lienthong/eventlog';
import { uuidv7 } from '@lienthong/kit';

export interface AgencyOutline {
  id?: string;
  code: string;
  name: string;
  establishedOn?: string;
  endedOn?: string;
  successors?: Partial<Succession>[];
  version?: number;
}

/** An agency with one name and one code for as long as it exists. */
export function agency(outline: AgencyOutline): Agency {
  const {
    id = uuidv7(),
    code,
    name,
    establishedOn = '',
    endedOn = '',
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
    successors: successors.map((one) => ({ predecessorId: id, whole: true, effectiveOn: endedOn, ...one })),
    version: BigInt(version),
  });
}

/** The same agency ended on a date, its work with a successor. */
export const ended = (
  before: Agency,
  endedOn: string,
  successorId?: string,
  legalBasis = 'NQ 1687',
): Agency =>
  Agency.fromPartial({
    ...before,
    endedOn,
    identifiers: before.identifiers.map((one) => ({ ...one, validTo: endedOn })),
    names: before.names.map((one) => ({ ...one, validTo: endedOn })),
    successors: successorId
      ? [{ predecessorId: before.id, successorId, main: true, whole: true, effectiveOn: endedOn, legalBasis }]
      : [],
    version: before.version + 1n,
  });

/** The event by which the directory tells of an agency's newest version. */
export const announced = (one: Agency): NewEvent => ({
  type: 'lienthong.directory.v1.AgencyUpdated',
  payload: { agency: one, effectiveOn: one.endedOn, legalBasis: '' },
  aggregateId: one.id,
  version: Number(one.version),
  agencyCode: one.identifiers[0]?.code?.code ?? '',
  agencyId: one.id,
});
