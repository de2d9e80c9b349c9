import { CertificatePurpose, SystemCertificate } from '@lienthong/contracts/directory';
import { expect, test } from 'vitest';
import { expiriesOf } from './expiry.ts';

const now = new Date('2026-01-15T00:00:00Z');
const at = (days: number) => new Date(now.getTime() + days * 86_400_000);
const valid = (days: number, more: Partial<SystemCertificate> = {}) =>
  SystemCertificate.fromPartial({ agencyId: 'a', system: 'e-office', notAfter: at(days), ...more });
const found = (...certificates: SystemCertificate[]) =>
  expiriesOf(certificates, now).map((one) => [one.holder, one.agencyId, one.at]);
const { AGENCY_SIGNATURE, OFFICER_SIGNATURE } = CertificatePurpose;

test('every holder has an expiry of its own', () => {
  const officer = { system: '', purpose: OFFICER_SIGNATURE };
  expect(
    found(
      valid(40),
      valid(20, { agencyId: 'b' }),
      valid(9, { ...officer, officerId: 'x' }),
      valid(8, { ...officer, officerId: 'y' }),
      valid(300, { system: '', purpose: AGENCY_SIGNATURE }),
    ),
  ).toEqual([
    ['system', 'a', at(40)],
    ['system', 'b', at(20)],
    ['officer', 'a', at(9)],
    ['officer', 'a', at(8)],
    ['agency', 'a', at(300)],
  ]);
});

test('the last valid certificate of a holder counts', () => {
  expect(found(valid(400), valid(10))).toEqual([['system', 'a', at(400)]]);
  expect(found(valid(10), valid(400))).toEqual([['system', 'a', at(400)]]);
  expect(found(valid(10), valid(400, { revokedAt: at(-1) }))).toEqual([['system', 'a', at(10)]]);
  expect(found(valid(0), valid(-3, { system: 'archive' }))).toEqual([]);
});
