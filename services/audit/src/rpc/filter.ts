import type { EntryFilter as WireFilter } from '@lienthong/contracts/audit';
import { type CallInfo, field, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import type { EntryFilter } from '../store/find.ts';

const schema = z
  .object({
    documentId: field.optionalUuid,
    dossierCode: field.text({ max: 60 }),
    agencyId: field.optionalUuid,
    officerId: field.text({ max: 200 }),
    from: z.date().optional(),
    to: z.date().optional(),
    types: z.array(z.string().max(200)).max(50),
  })
  .superRefine(({ from, to }, context) => {
    if (from && to && from >= to) {
      const params = { reason: 'PERIOD_INVALID' };
      context.addIssue({ code: 'custom', path: ['to'], message: 'must be after from', params });
    }
  });

const none: WireFilter = {
  documentId: '',
  dossierCode: '',
  agencyId: '',
  officerId: '',
  from: undefined,
  to: undefined,
  types: [],
};

const seesAll = new Set(['auditor', 'admin']);

/**
 * What the caller asks for, narrowed to what it may see: an agency the entries it made or that concern it,
 * auditors and administrators all. Those must name a document, dossier, agency, officer or period.
 */
export function readFilter(filter: WireFilter | undefined, { principal }: CallInfo): EntryFilter {
  const { filter: given } = parse(z.object({ filter: schema }), { filter: filter ?? none });
  const all = principal.roles.some((role) => seesAll.has(role));
  const wanted: EntryFilter = {
    documentId: given.documentId || undefined,
    dossierCode: given.dossierCode || undefined,
    agencyId: given.agencyId || undefined,
    officerId: given.officerId || undefined,
    from: given.from,
    to: given.to,
    types: given.types.length > 0 ? given.types : undefined,
    visibleTo: all ? undefined : principal.agencyId,
  };
  const { types: _, visibleTo, ...narrowing } = wanted;
  if (visibleTo === undefined && Object.values(narrowing).every((value) => value === undefined)) {
    const what = 'name a document_id, dossier_code, agency_id, officer_id, or a period';
    refuse({
      kind: 'invalid-argument',
      reason: 'FILTER_REQUIRED',
      message: what,
      violations: [{ field: 'filter', description: what, reason: 'FILTER_REQUIRED' }],
    });
  }
  return wanted;
}
