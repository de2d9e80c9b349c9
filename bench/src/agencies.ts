import { Tier } from '@lienthong/contracts/directory';
import type { Target } from './target.ts';

export interface Agency {
  id: string;
  code: string;
}

/** Loads one province with its communes and waits until every service knows them. */
export async function loadAgencies(
  target: Pick<Target, 'admin' | 'settled'>,
  communes: number,
): Promise<Agency[]> {
  const admin = target.admin();
  const codes = Array.from({ length: communes }, (_, i) => `B01.${String(i).padStart(5, '0')}`);
  const { ids } = await admin.importAgencies({ legalBasis: 'bench' }, [
    { key: 'B01', codes: [{ code: 'B01' }], name: 'Tỉnh đo tải', tier: Tier.PROVINCE },
    ...codes.map((code, i) => ({
      key: code,
      codes: [{ code }],
      name: `Ủy ban nhân dân xã số ${i}`,
      kind: 'Xã',
      tier: Tier.COMMUNE,
      parent: { ref: { $case: 'key' as const, value: 'B01' } },
    })),
  ]);
  await target.settled(admin);
  admin.close();
  return codes.map((code) => ({ code, id: ids[code] as string }));
}
