import {
  SignatureCheck,
  SignatureFormat,
  SignatureRole,
  type SigningCertificate,
} from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { describe, expect, test } from 'vitest';
import { checkSigner } from './signatures.ts';

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
    checkSigner(checkOf(SignatureRole.AGENCY, { identifiers }), signed('Nguyễn Văn A'), issuer);

  test('counts from a certificate with a code of the agency at the date', () => {
    expect(check(['phòng một', 'H61.1'])).toMatchObject({ valid: true });
    for (const identifiers of [[], ['H61'], ['h61.1']]) expect(check(identifiers)).toMatchObject(different);
    const renumbered = agency({ code: 'H61.1', name: 'Xã Một', endedOn: DATE });
    expect(check(['H61.1'], renumbered)).toMatchObject(different);
    expect(checkSigner(checkOf(SignatureRole.AGENCY, {}), signed(''), undefined)).toMatchObject(different);
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
    checkSigner(checkOf(SignatureRole.COMPETENT_PERSON, { commonName }), signed(fullName), commune);

  test('counts from a certificate with the name of the signer', () => {
    expect(check('NGUYỄN Văn A ', 'Nguyễn Văn A'.normalize('NFD'))).toMatchObject({ valid: true });
    for (const fullName of ['Nguyễn Văn B', '', undefined])
      expect(check('Nguyễn Văn A', fullName)).toMatchObject(different);
  });

  test('an empty name is nobody’s', () => {
    for (const empty of ['', ' ']) expect(check(empty, '')).toMatchObject(different);
  });
});

test('a check that has failed stays as it is', () => {
  const failed = { ...checkOf(SignatureRole.AGENCY, {}), valid: false, fault: 'CERTIFICATE_EXPIRED' };
  expect(checkSigner(failed, signed(''), commune)).toBe(failed);
});
