import { EntryKind, type EntryFilter as WireFilter } from '@lienthong/contracts/audit';
import { type Caller, enumField, field, type ReadItem, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import type { EntryFilter } from '../store/find.ts';
import { agencySeen } from './deps.ts';

const none: WireFilter = {
  documentId: '',
  dossierCode: '',
  agencyId: '',
  officerId: '',
  from: undefined,
  to: undefined,
  types: [],
  kind: EntryKind.UNSPECIFIED,
};

/** Unspecified: all. */
const KINDS: Partial<Record<EntryKind, EntryFilter['kind']>> = {
  [EntryKind.EVENT]: 'event',
  [EntryKind.READ]: 'read',
};

/** The filter of a request; '' and [] match everything. */
export const entryFilter = z
  .object({
    documentId: field.optionalUuid,
    dossierCode: field.text({ max: 60 }),
    agencyId: field.optionalUuid,
    officerId: field.text({ max: 200 }),
    from: z.date().optional(),
    to: z.date().optional(),
    types: z.array(field.text({ max: 200 })).max(50),
    kind: enumField(EntryKind, EntryKind.UNSPECIFIED),
  })
  .superRefine(({ from, to }, context) => {
    if (from && to && from >= to) {
      const params = { reason: 'PERIOD_INVALID' };
      context.addIssue({ code: 'custom', path: ['to'], message: 'must be after from', params });
    }
  })
  .transform(({ documentId, dossierCode, agencyId, officerId, from, to, types, kind }) => ({
    documentId: documentId || undefined,
    dossierCode: dossierCode || undefined,
    agencyId: agencyId || undefined,
    officerId: officerId || undefined,
    from,
    to,
    types: types.length > 0 ? types : undefined,
    kind: KINDS[kind],
  }))
  .prefault(none);

/**
 * Narrows the filter to the entries that the caller may see. Callers who see all must name a document, dossier, agency,
 * officer or period. Refuses: FILTER_REQUIRED, AGENCY_REQUIRED.
 */
export function visibleTo(caller: Caller, filter: z.output<typeof entryFilter>): EntryFilter {
  const agencyId = agencySeen(caller);
  if (agencyId !== undefined) return { ...filter, visibleTo: agencyId };
  const { types: _, kind: __, ...narrowing } = filter;
  if (Object.values(narrowing).every((value) => value === undefined)) return refuse(filterRequired);
  return { ...filter, visibleTo: undefined };
}

/** For the record of reads: whose entries were searched for is known to auditors alone. */
export const readItems = ({ documentId, dossierCode }: z.output<typeof entryFilter>): ReadItem[] =>
  documentId === undefined && dossierCode === undefined
    ? []
    : [{ ownerId: '', documentId: documentId ?? '', dossierCode: dossierCode ?? '' }];

const WHAT = 'name a document_id, dossier_code, agency_id, officer_id, or a period';
const filterRequired: Refusal = {
  kind: 'invalid-argument',
  reason: 'FILTER_REQUIRED',
  message: WHAT,
  violations: [{ field: 'filter', description: WHAT, reason: 'FILTER_REQUIRED' }],
};
