import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { Agency, Officer } from '@lienthong/contracts/directory';
import type { Role } from '@lienthong/kit';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { byId, establish } from './support/build.ts';
import { openWorld } from './support/world.ts';

let directory: TestWorld;
let client: AgencyClient;
let agency: Agency;
let officer: Officer;
beforeAll(async () => {
  directory = await openWorld();
  client = directory.admin;
});
beforeEach(async () => {
  agency = await establish(client);
  const appointed = await client.directory.appointOfficer({
    agencyId: agency.id,
    fullName: 'Nguyễn Văn Mẫu',
    position: 'Văn thư',
    roles: ['clerk', 'officer'],
    validFrom: '2020-01-01',
  });
  if (appointed.officer === undefined) throw new Error('no officer in the reply');
  officer = appointed.officer;
});
afterAll(() => directory.stop());

const callerOf = (of: AgencyClient) => of.directory.getCaller({});
const as = (officerId: string, roles: Role[], agencyId = agency.id) =>
  directory.as({ agencyId, officerId, roles });

describe('the caller', () => {
  test('is an officer of an agency, with the roles of the token that the position has', async () => {
    const caller = await callerOf(as(officer.id, ['clerk', 'leader']));
    expect(caller).toMatchObject({ officerId: officer.id, roles: ['clerk'], readsOnly: false });
    expect(caller.agency).toEqual((await client.directory.getAgency({ agencyId: agency.id })).agency);
    expect(caller.officer).toEqual(officer);
  });

  test('shows the posting of today, not one that is planned', async () => {
    const successor = await establish(client);
    const { officer: later } = await client.directory.appointOfficer({
      agencyId: agency.id,
      fullName: 'Trần Thị Mẫu',
      position: 'Chủ tịch',
      roles: ['leader'],
      validFrom: '2020-01-01',
    });
    await client.directory.reorganise({
      parts: [
        {
          part: {
            $case: 'merge',
            value: { predecessors: [byId(agency.id)], successor: byId(successor.id) },
          },
        },
      ],
      effectiveOn: '2026-07-01',
      legalBasis: 'NQ 1687/NQ-UBTVQH15',
    });
    const { officer: shown } = await callerOf(as(later?.id ?? '', ['leader']));
    expect(shown).toMatchObject({ agencyId: agency.id, position: 'Chủ tịch', earlier: [] });
  });

  test('is an administrator or a system, whom the directory does not list', async () => {
    expect(await callerOf(client)).toMatchObject({
      agency: undefined,
      officer: undefined,
      officerId: 'quản trị',
      roles: ['admin'],
    });
    expect(await callerOf(as('một cửa', ['system']))).toMatchObject({
      agency: { id: agency.id },
      officer: undefined,
      officerId: 'một cửa',
      roles: ['system'],
    });
  });

  test('of an agency that has ended may only read', async () => {
    const successor = await establish(client);
    await client.directory.mergeAgencies({
      part: { predecessors: [byId(agency.id)], successor: byId(successor.id) },
      effectiveOn: '2025-07-01',
    });
    const [before, now] = await Promise.all([
      callerOf(as(officer.id, ['clerk'])),
      callerOf(as(officer.id, ['clerk'], successor.id)),
    ]);
    expect(before).toMatchObject({ readsOnly: true, agency: { id: agency.id, endedOn: '2025-07-01' } });
    expect(now).toMatchObject({ readsOnly: false, agency: { id: successor.id } });
    expect(now.officer).toMatchObject({ agencyId: successor.id, earlier: [{ agencyId: agency.id }] });
  });

  test('sees when the token ends', async () => {
    const token = await directory.issuer.issue({ agencyId: agency.id, officerId: officer.id, roles: [] });
    const bearer = connectAgency({ address: directory.running().address, token: () => token });
    onTestFinished(() => bearer.close());
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect((await callerOf(bearer)).expiresAt).toEqual(new Date(exp * 1000));
  });

  test('without a token is refused', async () => {
    expect(await refusalOf(callerOf(directory.anybody))).toMatchObject({ reason: 'TOKEN_MISSING' });
  });
});
