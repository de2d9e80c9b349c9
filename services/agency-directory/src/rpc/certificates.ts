import { field, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { mayActFor } from '../domain/authority.ts';
import { notYourAgency } from '../domain/certificates.ts';
import { listCertificates as readCertificates } from '../store/certificates.ts';
import { authorityOf } from './authority.ts';
import { Certificates, certificateCommand, certificateList, REGISTERS_CERTIFICATES } from './deps.ts';

export const revokeCertificate = certificateCommand(Certificates.revokeCertificate, {
  policy: REGISTERS_CERTIFICATES,
  request: z.object({ certificateId: field.uuid }),
  command: ({ certificateId }, context) => ({
    kind: 'revoke',
    certificateId,
    authority: authorityOf(context),
    now: context.now,
  }),
});

export const listCertificates = certificateList(Certificates.listCertificates, {
  policy: REGISTERS_CERTIFICATES,
  request: z.object({ agencyId: field.uuid }),
  cursor: z.tuple([z.string(), field.uuid]),
  handle: async ({ agencyId, page }, context, { db }) => {
    if (!mayActFor(authorityOf(context), agencyId)) return refuse(notYourAgency);
    const rows = await readCertificates(db, agencyId, page.after, page.limit);
    return page.cut(
      rows,
      ({ cursor }) => cursor,
      (rows, nextPageToken) => ({ certificates: rows.map(({ item }) => item), nextPageToken }),
    );
  },
});
