import type { Claims } from '@lienthong/kit';
import { expect, test } from 'vitest';
import { agencyBook } from '../agencies/book.ts';
import { agency, ended, officer, transferred } from '../testing.ts';
import { identify } from './identify.ts';
import { officerBook } from './register.ts';

const TODAY = '2026-01-15';
const commune = agency({ code: 'H61.1', name: 'Xã A' });
const other = agency({ code: 'H61.2', name: 'Xã B' });
const old = ended(agency({ code: 'H61.3', name: 'Xã Cũ' }), '2026-01-01', commune.id);
const later = agency({ code: 'H61.4', name: 'Xã Sau', establishedOn: '2026-02-01' });
const clerk = officer({ agencyId: commune.id, fullName: 'Văn thư', roles: ['clerk', 'officer'] });
const left = officer({ agencyId: commune.id, fullName: 'Đã nghỉ', validTo: '2026-01-10' });
const admin = officer({ agencyId: commune.id, fullName: 'Quản trị', roles: ['admin'] });

const moving = officer({ agencyId: old.id, fullName: 'Chưa chuyển' });
const moved = transferred(officer({ agencyId: old.id, fullName: 'Đã chuyển' }), '2026-01-01', commune.id);

const agencies = agencyBook();
for (const one of [commune, other, old, later]) agencies.put(one);
const officers = officerBook();
for (const one of [clerk, left, admin, moving, moved]) officers.put(one, 1);

const resultOf = (given: Partial<Claims>, date = TODAY) => {
  const claims: Claims = {
    agency: { id: commune.id },
    officerId: clerk.id,
    roles: ['leader', 'clerk'],
    granted: [],
    agencies: undefined,
    expiresAt: 0,
    ...given,
  };
  const found = identify({ agencies, officers }, claims, date);
  if (!found.ok) return found.refusal.reason;
  const { caller, readsOnly } = found.value;
  return readsOnly ? { ...caller, readsOnly: readsOnly.reason } : caller;
};

test('an officer has the roles of the token that the position has, and no others', () => {
  expect(resultOf({})).toEqual({ agencyId: commune.id, officerId: clerk.id, roles: ['clerk'] });
  expect(resultOf({ roles: ['admin', 'leader'], granted: ['admin', 'system'] })).toMatchObject({ roles: [] });
  expect(resultOf({ granted: ['auditor'] })).toMatchObject({ roles: ['clerk', 'auditor'] });
});

test.each<[string, Partial<Claims>, string]>([
  ['an officer of another agency', { agency: { id: other.id } }, 'OFFICER_NOT_IN_POSITION'],
  ['an officer who has left', { officerId: left.id }, 'OFFICER_NOT_IN_POSITION'],
  ['an officer who is not in the directory', { officerId: 'nobody' }, 'OFFICER_NOT_IN_POSITION'],
  ['an officer under the name of an agency', { officerId: other.id }, 'OFFICER_NOT_IN_POSITION'],
  ['an agency that is not in the directory', { agency: { id: clerk.id } }, 'AGENCY_UNKNOWN'],
  ['a code that nobody has', { agency: { scheme: '', code: 'H61.9' } }, 'AGENCY_UNKNOWN'],
  ['an agency that has not begun', { agency: { id: later.id } }, 'AGENCY_UNKNOWN'],
  ['an agency of another issuer', { agencies: [{ id: other.id }] }, 'AGENCY_NOT_OF_ISSUER'],
  [
    'nobody of an agency, by the issuer of one',
    { agency: undefined, agencies: [{ id: other.id }] },
    'AGENCY_NOT_OF_ISSUER',
  ],
  ['an administrator who has left', { agency: undefined, officerId: left.id }, 'OFFICER_NOT_IN_POSITION'],
  [
    'a system under the name of a dismissed officer',
    { officerId: left.id, granted: ['system'] },
    'OFFICER_NOT_IN_POSITION',
  ],
  ['an officer who never was at the ended agency', { agency: { id: old.id } }, 'AGENCY_ENDED'],
])('%s is refused', (_, claims, reason) => {
  expect(resultOf(claims)).toBe(reason);
});

test('an agency may be named by a code in a scheme at the date, also where the issuer is bound to it', () => {
  const named = { agency: { scheme: 'QD20', code: 'H61.1' } };
  expect(resultOf({ ...named, agencies: [{ id: commune.id }] })).toMatchObject({ agencyId: commune.id });
  expect(resultOf({ agencies: [{ scheme: '', code: 'H61.1' }] })).toMatchObject({ agencyId: commune.id });
});

test('of an agency that has ended, its systems and the officers who went on still read', () => {
  const readsOnly = 'AGENCY_ENDED';
  expect(resultOf({ agency: { id: old.id }, officerId: 's', granted: ['system'] })).toMatchObject({
    agencyId: old.id,
    roles: ['system'],
    readsOnly,
  });
  for (const one of [moved, moving])
    expect(resultOf({ agency: { id: old.id }, officerId: one.id, roles: ['officer'] })).toMatchObject({
      agencyId: old.id,
      roles: ['officer'],
      readsOnly,
    });
});

test('a system of an agency needs no position, and is nothing but a system', () => {
  expect(resultOf({ officerId: 'one-stop', roles: ['clerk'], granted: ['system'] })).toEqual({
    agencyId: commune.id,
    officerId: 'one-stop',
    roles: ['system'],
  });
});

test('without an agency only what the issuer grants holds', () => {
  expect(
    resultOf({
      agency: undefined,
      officerId: 'root',
      roles: ['leader'],
      granted: ['admin', 'auditor', 'system'],
    }),
  ).toEqual({ agencyId: '', officerId: 'root', roles: ['admin', 'auditor'] });
  expect(resultOf({ agency: undefined, officerId: admin.id, roles: ['admin'] })).toMatchObject({ roles: [] });
});
