import { CertificatePurpose, SystemCertificate } from '@lienthong/contracts/directory';
import { expect, test } from 'vitest';
import { certified } from './certified.ts';

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const record = SystemCertificate.fromPartial({
  id: '1',
  agencyId: 'agency',
  system: 'e-office',
  fingerprint: 'ab',
  notBefore: at('2026-01-10'),
  notAfter: at('2026-02-10'),
});
const read = (date: string, certificate: SystemCertificate | undefined = record) =>
  certified({ find: (fingerprint) => (fingerprint === 'ab' ? certificate : undefined) }, 'ab', at(date));

test('a certificate names its system while it is valid', () => {
  const claims = { agency: { id: 'agency' }, officerId: 'e-office', roles: [], granted: ['system'] };
  for (const date of ['2026-01-10', '2026-02-10'])
    expect(read(date)).toMatchObject({ ok: true, value: { ...claims, expiresAt: +at('2026-02-10') } });
});

test.each([
  ['before it begins', '2026-01-09', record, 'CERTIFICATE_NOT_YET_VALID'],
  ['after its end', '2026-02-11', record, 'CERTIFICATE_EXPIRED'],
  ['once it is revoked', '2026-01-20', { ...record, revokedAt: at('2026-01-19') }, 'CERTIFICATE_REVOKED'],
])('%s it names nobody', (_, date, certificate, reason) => {
  expect(read(date, certificate)).toMatchObject({ ok: false, refusal: { reason } });
});

test('one of a signer names no system', () => {
  for (const purpose of [CertificatePurpose.AGENCY_SIGNATURE, CertificatePurpose.OFFICER_SIGNATURE])
    expect(read('2026-01-20', { ...record, purpose })).toMatchObject({
      refusal: { reason: 'CERTIFICATE_UNKNOWN' },
    });
});

test('one that is not registered names nobody', () => {
  expect(certified({ find: () => undefined }, 'ab', at('2026-01-20'))).toMatchObject({
    refusal: { reason: 'CERTIFICATE_UNKNOWN' },
  });
});
