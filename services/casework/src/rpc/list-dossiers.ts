import { DossierOrigin, DossierStatus } from '@lienthong/contracts/casework';
import { contactField, enumField, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { identityDigests, phoneDigests } from '../store/applicants.ts';
import { listDossiers as readPage } from '../store/list-dossiers.ts';
import { Casework, list, WORKS_WITH_DOSSIERS } from './deps.ts';
import { toSummary } from './dossier-summary.ts';
import { readForAgencies } from './read-for-agencies.ts';
import { toReadItem } from './read-item.ts';

export const listDossiers = list(Casework.listDossiers, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'buffered',
  request: z.object({
    statuses: manyOf(enumField(DossierStatus), 20),
    procedureCode: field.text({ max: 40 }),
    text: field.text({ max: 200 }),
    identityNumber: field.text({ max: 50 }),
    phone: contactField.phone,
    lodgedFrom: z.date().optional(),
    lodgedTo: z.date().optional(),
    origin: enumField(DossierOrigin, DossierOrigin.UNSPECIFIED),
  }),
  cursor: z.tuple([z.number().int(), field.uuid]),
  async handle({ page, lodgedFrom, lodgedTo, identityNumber, phone, ...rest }, context, deps) {
    const after = page.after && { at: new Date(page.after[0]), id: page.after[1] };
    const filter = {
      ...rest,
      lodgedFrom,
      lodgedTo,
      identity: identityNumber === '' ? [] : identityDigests(deps.sealer, identityNumber),
      phone: phone === '' ? [] : phoneDigests(deps.sealer, phone),
    };
    if (identityNumber !== '') context.reads.push({ ownerId: '', search: 'identity_number' });
    if (phone !== '') context.reads.push({ ownerId: '', search: 'phone' });
    const rows = await readForAgencies(context, deps, (agencyIds) =>
      readPage(deps.db, agencyIds, filter, after, page.limit),
    );
    return page.cut(
      rows,
      (row) => [row.lodged_at.getTime(), row.id],
      (rows, nextPageToken) => ({
        dossiers: rows.map((row) => toSummary(row, deps.procedures)),
        nextPageToken,
      }),
      toReadItem,
    );
  },
});
