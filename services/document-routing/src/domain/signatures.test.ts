import {
  CertificateTrust,
  SignatureCheck,
  SignatureFormat,
  SignatureRole,
  type SigningCertificate,
} from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { describe, expect, test } from 'vitest';
import { checkSigner, type RegisteredSigner } from './signatures.ts';

const DATE = '2026-01-15';
const commune = agency({ code: 'H61.1', name: 'Xã Một' });

const checkOf = (role: SignatureRole, certificate: Partial<SigningCertificate>): SignatureCheck =>
  SignatureCheck.fromPartial({ format: SignatureFormat.CMS, role, valid: true, certificate });
const signed = (fullName: string | undefined) => ({
  signer: fullName === undefined ? undefined : { competence: '', position: '', fullName },
  promulgatedOn: DATE,
});
const different = { valid: false, fault: 'SIGNER_DIFFERENT' };

describe('the signature of the agency', () => {
  const check = (identifiers: string[], issuer: typeof commune | undefined = commune) =>
    checkSigner(checkOf(SignatureRole.AGENCY, { identifiers }), signed('Nguyễn Văn A'), issuer, undefined);

  test('counts from a certificate with a code of the agency at the date', () => {
    expect(check(['phòng một', 'H61.1'])).toMatchObject({ valid: true });
    for (const identifiers of [[], ['H61'], ['h61.1']]) expect(check(identifiers)).toMatchObject(different);
    const renumbered = agency({ code: 'H61.1', name: 'Xã Một', endedOn: DATE });
    expect(check(['H61.1'], renumbered)).toMatchObject(different);
    expect(checkSigner(checkOf(SignatureRole.AGENCY, {}), signed(''), undefined, undefined)).toMatchObject(
      different,
    );
  });

  test('an empty identifier is nobody’s', () => {
    const nameless = { ...commune, identifiers: [{ code: undefined, validFrom: '', validTo: '' }] };
    const blank = {
      ...commune,
      identifiers: [{ code: { scheme: '', code: '' }, validFrom: '', validTo: '' }],
    };
    for (const issuer of [nameless, blank]) expect(check([''], issuer)).toMatchObject(different);
  });
});

describe('the signature of the competent person', () => {
  const check = (commonName: string, fullName: string | undefined) =>
    checkSigner(
      checkOf(SignatureRole.COMPETENT_PERSON, { commonName }),
      signed(fullName),
      commune,
      undefined,
    );

  test('counts from a certificate with the name of the signer', () => {
    expect(check('NGUYỄN Văn A ', 'Nguyễn Văn A'.normalize('NFD'))).toMatchObject({ valid: true });
    for (const fullName of ['Nguyễn Văn B', '', undefined])
      expect(check('Nguyễn Văn A', fullName)).toMatchObject(different);
  });

  test('an empty name is nobody’s', () => {
    for (const empty of ['', ' ']) expect(check(empty, '')).toMatchObject(different);
  });
});

describe('a registered certificate', () => {
  const { AGENCY, COMPETENT_PERSON } = SignatureRole;
  const seal: RegisteredSigner = { agencyId: commune.id, role: AGENCY, fullName: '' };
  const chairman: RegisteredSigner = {
    agencyId: commune.id,
    role: COMPETENT_PERSON,
    fullName: 'Nguyễn Văn A',
  };
  const check = (
    role: SignatureRole,
    registered: RegisteredSigner | undefined,
    trustedBy: CertificateTrust = CertificateTrust.REGISTRATION,
    fullName = 'Nguyễn Văn A',
  ) => checkSigner({ ...checkOf(role, {}), trustedBy }, signed(fullName), commune, registered);

  test('is of whom the registration names, whatever it says itself', () => {
    for (const trustedBy of [CertificateTrust.REGISTRATION, CertificateTrust.AUTHORITY]) {
      expect(check(AGENCY, seal, trustedBy)).toMatchObject({ valid: true, trustedBy });
      expect(check(COMPETENT_PERSON, chairman, trustedBy)).toMatchObject({ valid: true, trustedBy });
    }
  });

  test('is of nobody else', () => {
    const failed = { ...different, trustedBy: CertificateTrust.UNSPECIFIED };
    for (const [role, registered] of [
      [AGENCY, chairman],
      [COMPETENT_PERSON, seal],
      [AGENCY, { ...seal, agencyId: 'another' }],
      [COMPETENT_PERSON, { ...chairman, agencyId: 'another' }],
      [COMPETENT_PERSON, { ...chairman, fullName: 'Trần Văn B' }],
      [COMPETENT_PERSON, undefined],
    ] as const)
      expect(check(role, registered)).toMatchObject(failed);
    const nameless = check(
      COMPETENT_PERSON,
      { ...chairman, fullName: '' },
      CertificateTrust.REGISTRATION,
      '',
    );
    expect(nameless).toMatchObject(failed);
  });
});

test('a check that has failed stays as it is', () => {
  const failed = { ...checkOf(SignatureRole.AGENCY, {}), valid: false, fault: 'CERTIFICATE_EXPIRED' };
  expect(checkSigner(failed, signed(''), commune, undefined)).toBe(failed);
});
