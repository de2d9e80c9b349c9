import type { AgencyClient } from '@lienthong/client';
import {
  type Agency,
  type AgencyRef,
  type DeepPartial,
  type EstablishPart,
  Tier,
} from '@lienthong/contracts/directory';

export const byId = (value: string): AgencyRef => ({ ref: { $case: 'id', value } });
export const byKey = (value: string): AgencyRef => ({ ref: { $case: 'key', value } });
export const byCode = (code: string, scheme = 'QD20'): AgencyRef => ({
  ref: { $case: 'code', value: { scheme, code } },
});

let drawn = 0;
/** A code that no agency has yet, in a province of its own. */
export const freshCode = (): string => `A${String(10 + Math.floor(drawn / 1000))}.${String(1000 + drawn++)}`;

/** Establishes an agency with a fresh code, without a known beginning or from a date. */
export async function establish(
  client: AgencyClient,
  part: DeepPartial<EstablishPart> = {},
  effectiveOn = '',
): Promise<Agency> {
  const { agency } = await client.directory.establishAgency({
    part: { codes: [{ code: freshCode() }], name: 'Xã Mẫu', kind: 'Xã', tier: Tier.COMMUNE, ...part },
    effectiveOn,
    legalBasis: 'NQ 1687/NQ-UBTVQH15',
  });
  if (!agency) throw new Error('no agency in the reply');
  return agency;
}

export const codeOf = (agency: Agency): string => agency.identifiers[0]?.code?.code ?? '';
