import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import type { DeepPartial, Dossier, LodgeDossierRequest } from '@lienthong/contracts/casework';
import { Channel, type Procedure } from '@lienthong/contracts/registry';

/** A complete request for a procedure of `procedures.ts`; `more` overrides its fields. */
export const lodging = (
  { code }: Pick<Procedure, 'code'>,
  more: DeepPartial<LodgeDossierRequest> = {},
): DeepPartial<LodgeDossierRequest> => ({
  requestId: randomUUID(),
  procedureCode: code,
  channel: Channel.IN_PERSON,
  applicant: {
    fullName: 'Nguyễn Thị Mẫu',
    identityNumber: '086190000001',
    address: 'Ấp An Thạnh, xã An Bình',
    phone: '0901 234 567',
    email: 'mau@example.vn',
  },
  papers: [{ key: 'don', name: 'Đơn đề nghị', originals: 1 }],
  accept: true,
  ...more,
});

export async function dossierOf(client: AgencyClient, dossierId: string): Promise<Dossier> {
  const { dossier } = await client.casework.getDossier({ dossierId });
  if (!dossier) throw new Error('no dossier in the reply');
  return dossier;
}

/** Completes one task; the reply's standing. */
export async function complete(
  client: AgencyClient,
  dossierId: string,
  taskNumber: number,
  more: {
    outcome?: string;
    note?: string;
    results?: { key: string; number?: string; sha256?: string; data?: Record<string, string> }[];
    data?: Record<string, string>;
  } = {},
) {
  const { standing } = await client.casework.completeTask({
    requestId: randomUUID(),
    dossierId,
    taskNumber,
    ...more,
  });
  if (!standing) throw new Error('no standing in the reply');
  return standing;
}
