import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import {
  type Agency,
  type DeepPartial,
  type HeadAppointment,
  type Officer,
  type OfficerMove,
  type ReorganisationPart,
  type ReorganiseRequest,
  Tier,
} from '@lienthong/contracts/directory';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { byCode, byId, byKey, codeOf, establish, freshCode } from './support/build.ts';
import { openWorld } from './support/world.ts';

const DAY = '2025-07-01';
const BEFORE = '2025-06-30';

let directory: TestWorld;
let client: AgencyClient;
let ending: Agency;
let other: Agency;
let successor: Agency;
beforeAll(async () => {
  directory = await openWorld();
  client = directory.admin;
});
beforeEach(async () => {
  [ending, other, successor] = await Promise.all([establish(client), establish(client), establish(client)]);
});
afterAll(() => directory.stop());

async function appoint(agency: Agency, fullName: string, more: object = {}): Promise<Officer> {
  const { officer } = await client.directory.appointOfficer({
    agencyId: agency.id,
    fullName,
    position: 'Chuyên viên',
    roles: ['officer'],
    validFrom: '2020-01-01',
    ...more,
  });
  if (!officer) throw new Error('no officer in the reply');
  return officer;
}
const head = { head: true, position: 'Chủ tịch', roles: ['leader'] };

const merge = (...predecessors: Agency[]): DeepPartial<ReorganisationPart> => ({
  part: {
    $case: 'merge',
    value: { predecessors: predecessors.map(({ id }) => byId(id)), successor: byId(successor.id) },
  },
});
const reorganise = (request: DeepPartial<ReorganiseRequest> = {}) =>
  client.directory.reorganise({
    parts: [merge(ending)],
    effectiveOn: DAY,
    legalBasis: 'NQ 1687/NQ-UBTVQH15',
    ...request,
  });
/** `name: position` of each officer, the head first with a star. */
const people = async (agency: Agency | string, at: string) =>
  (
    await Array.fromAsync(client.officers({ agencyId: typeof agency === 'string' ? agency : agency.id, at }))
  ).map((one) => `${one.head ? '*' : ''}${one.fullName}: ${one.position}`);

describe('a reorganisation carries the officers of an agency that ends', () => {
  test('all to the main successor, in their positions, none as head', async () => {
    await appoint(ending, 'Nguyễn Văn An', head);
    await appoint(ending, 'Trần Thị Bình');
    await appoint(successor, 'Lê Văn Cường', head);
    const past = await appoint(ending, 'Phạm Thị Dung', { validTo: '2024-01-01' });
    const reply = await reorganise();
    expect(reply).toMatchObject({ ended: 1, officersMoved: 2, headOfficerIds: [] });
    expect(await people(ending, BEFORE)).toEqual(['*Nguyễn Văn An: Chủ tịch', 'Trần Thị Bình: Chuyên viên']);
    expect(await people(successor, BEFORE)).toEqual(['*Lê Văn Cường: Chủ tịch']);
    expect(await people(ending, DAY)).toEqual([]);
    expect(await people(successor, DAY)).toEqual([
      '*Lê Văn Cường: Chủ tịch',
      'Nguyễn Văn An: Chủ tịch',
      'Trần Thị Bình: Chuyên viên',
    ]);
    const refused = client.directory.relieveOfficer({ officerId: past.id, effectiveOn: DAY });
    expect(await refusalOf(refused)).toMatchObject({ reason: 'OFFICER_RELIEVED' });
  });

  test('under the same id, with every posting', async () => {
    const { id } = await appoint(ending, 'Trần Thị Bình', { validTo: '2030-01-01' });
    await reorganise();
    const [before] = await Array.fromAsync(client.officers({ agencyId: ending.id, at: BEFORE }));
    const [after] = await Array.fromAsync(client.officers({ agencyId: successor.id, at: DAY }));
    expect(before).toMatchObject({ id, agencyId: ending.id, validTo: DAY, earlier: [] });
    expect(after).toMatchObject({
      id,
      agencyId: successor.id,
      validFrom: DAY,
      validTo: '2030-01-01',
      earlier: [{ agencyId: ending.id, position: 'Chuyên viên', roles: ['officer'], validTo: DAY }],
    });
  });

  test('named ones elsewhere or into another position, also those of agencies that go on', async () => {
    const elsewhere = await appoint(ending, 'Trần Thị Bình');
    const boss = await appoint(successor, 'Lê Văn Cường', head);
    const move = (officer: Officer, agency: Agency, more: object = {}): DeepPartial<OfficerMove> => ({
      officerId: officer.id,
      agency: byId(agency.id),
      ...more,
    });
    await reorganise({
      officerMoves: [
        move(elsewhere, other, { position: 'Phó Trưởng phòng', roles: ['clerk', 'leader'] }),
        move(boss, successor, { position: 'Bí thư' }),
      ],
    });
    expect(await people(other, DAY)).toEqual(['Trần Thị Bình: Phó Trưởng phòng']);
    expect(await people(successor, DAY)).toEqual(['*Lê Văn Cường: Bí thư']);
  });

  test('new heads in the same command; the head before stays as an officer', async () => {
    const comes = await appoint(ending, 'Nguyễn Văn An', head);
    await appoint(successor, 'Lê Văn Cường', head);
    const code = freshCode();
    const established: DeepPartial<ReorganisationPart> = {
      part: {
        $case: 'establish',
        value: { key: 'new', codes: [{ code }], name: 'Phường Mới', kind: 'Phường', tier: Tier.COMMUNE },
      },
    };
    const heads: DeepPartial<HeadAppointment>[] = [
      { agency: byId(successor.id), officerId: comes.id, position: 'Chủ tịch UBND' },
      { agency: byKey('new'), fullName: 'Vũ Thị Em', position: 'Chủ tịch', roles: ['leader'] },
    ];
    const reply = await reorganise({ parts: [established, merge(ending)], heads });
    expect(await people(successor, DAY)).toEqual(['*Nguyễn Văn An: Chủ tịch UBND', 'Lê Văn Cường: Chủ tịch']);
    expect(await people(successor, BEFORE)).toEqual(['*Lê Văn Cường: Chủ tịch']);
    expect(await people(reply.established.new ?? '', DAY)).toEqual(['*Vũ Thị Em: Chủ tịch']);
    expect(reply.headOfficerIds).toEqual([comes.id, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(reply.officersMoved).toBe(2);
  });

  test('the successor of a split is the main one; without a successor they leave with it', async () => {
    await appoint(ending, 'Trần Thị Bình');
    await appoint(other, 'Lê Văn Cường');
    await client.directory.splitAgency({
      part: {
        predecessor: byId(ending.id),
        successors: [
          { agency: byId(other.id), main: false },
          { agency: byId(successor.id), main: true },
        ],
      },
      effectiveOn: DAY,
    });
    await client.directory.endAgency({ part: { agency: byId(other.id) }, effectiveOn: '2025-08-01' });
    expect(await people(successor, '2025-08-01')).toEqual(['Trần Thị Bình: Chuyên viên']);
    expect(await people(other, '2025-07-31')).toEqual(['Lê Văn Cường: Chuyên viên']);
    expect(await people(other, '2025-08-01')).toEqual([]);
  });

  test('through every end that is decided, whatever is decided first', async () => {
    const third = await establish(client);
    await client.directory.mergeAgencies({
      part: { predecessors: [byId(successor.id)], successor: byId(third.id) },
      effectiveOn: '2027-01-01',
    });
    const first = await appoint(ending, 'Trần Thị Bình');
    await reorganise();
    // Appointed after the decision, and still ahead of it.
    await appoint(successor, 'Lê Văn Cường', { validFrom: '2026-01-01' });
    const both = ['Lê Văn Cường: Chuyên viên', 'Trần Thị Bình: Chuyên viên'];
    expect(await people(successor, '2026-12-31')).toEqual(both);
    expect(await people(third, '2027-01-01')).toEqual(both);
    // Relieved between the two: what was planned later is dropped.
    await client.directory.relieveOfficer({ officerId: first.id, effectiveOn: '2026-06-01' });
    expect(await people(successor, '2026-06-01')).toEqual(['Lê Văn Cường: Chuyên viên']);
    expect(await people(third, '2027-01-01')).toEqual(['Lê Văn Cường: Chuyên viên']);
  });

  test('a leader relieves officers of the agency that they hold the ending posting at', async () => {
    const officer = await appoint(ending, 'Trần Thị Bình');
    await reorganise();
    const leader = (agency: Agency) =>
      directory.as({ agencyId: agency.id, officerId: 'lãnh đạo', roles: ['leader'] });
    const relieve = (by: AgencyClient) =>
      by.directory.relieveOfficer({ officerId: officer.id, effectiveOn: '2026-01-01' });
    expect(await refusalOf(relieve(leader(other)))).toMatchObject({ reason: 'NOT_YOUR_AGENCY' });
    expect((await relieve(leader(successor))).officer).toMatchObject({ validTo: '2026-01-01' });
  });

  test('is refused as a whole, by field', async () => {
    const officer = await appoint(ending, 'Trần Thị Bình');
    const past = await appoint(ending, 'Lê Văn Cường', { validTo: '2024-01-01' });
    await appoint(successor, 'Phạm Thị Dung', { ...head, validFrom: '2026-01-01' });
    const at = (agency: Agency) => ({ agency: byId(agency.id) });
    const violations = async (more: DeepPartial<ReorganiseRequest>) =>
      (await refusalOf(reorganise(more))).violations;
    expect(
      await violations({
        officerMoves: [
          { officerId: randomUUID(), ...at(other) },
          { officerId: past.id, ...at(other) },
          { officerId: officer.id, ...at(other) },
          { officerId: officer.id, ...at(successor) },
          { officerId: officer.id, ...at(ending) },
        ],
        heads: [
          { fullName: 'Vũ Thị Em', position: 'Chủ tịch', ...at(successor) },
          { fullName: 'Vũ Thị Em', position: 'Chủ tịch', ...at(other) },
          { fullName: 'Đỗ Văn Giang', position: 'Chủ tịch', ...at(other) },
          { officerId: officer.id, ...at(other) },
        ],
      }),
    ).toEqual([
      'officer_moves[0].officer_id UNKNOWN_OFFICER',
      'officer_moves[1].officer_id OFFICER_NOT_IN_POSITION',
      'officer_moves[3].officer_id OFFICER_NAMED_TWICE',
      'officer_moves[4].agency AGENCY_ENDED',
      'officer_moves[4].officer_id OFFICER_NAMED_TWICE',
      'heads[0].agency OVERLAPPING_VALIDITY',
      'heads[2].agency HEAD_NAMED_TWICE',
      'heads[3].officer_id OFFICER_NAMED_TWICE',
    ]);
    expect(
      await violations({
        officerMoves: [{ officerId: 'x', position: 'ư'.repeat(101), roles: ['king'] }],
        heads: [{ ...at(other) }, { ...at(other), fullName: 'Vũ Thị Em' }],
      }),
    ).toEqual([
      'officer_moves[0].officer_id UUID_INVALID',
      'officer_moves[0].agency FIELD_REQUIRED',
      'officer_moves[0].position FIELD_TOO_LONG',
      'officer_moves[0].roles[0] INVALID_VALUE',
      'heads[0].officer_id FIELD_REQUIRED',
      'heads[1].position FIELD_REQUIRED',
    ]);
    expect(await people(ending, DAY)).toEqual(['Trần Thị Bình: Chuyên viên']);
  });

  test('400 agencies with 4,000 officers in one command', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => ({
      key: `${i}`,
      codes: [{ code: freshCode() }],
      name: `Xã Cũ ${i}`,
      tier: Tier.COMMUNE,
    }));
    const { ids } = await client.importAgencies({}, lines);
    const ending = Object.values(ids);
    const { officerIds } = await client.appointOfficers(
      ending.flatMap((id, a) =>
        Array.from({ length: 10 }, (_, i) => ({
          agency: byId(id),
          fullName: `Nguyễn Văn ${a}.${i}`,
          position: 'Chuyên viên',
          roles: ['officer'],
          head: i === 0,
        })),
      ),
    );
    expect(officerIds).toHaveLength(4000);
    const reply = await reorganise({
      parts: ending.map((id) => merge({ id } as Agency)),
      heads: [{ agency: byId(successor.id), officerId: officerIds[0] }],
    });
    expect(reply).toMatchObject({ ended: 400, officersMoved: 4000, headOfficerIds: [officerIds[0]] });
    expect(await people(successor, DAY)).toHaveLength(4000);
  });
});

describe('who acts no longer', () => {
  const appointing = (by: AgencyClient, agency: Agency) =>
    by.directory.appointOfficer({ agencyId: agency.id, fullName: 'Vũ Thị Em', position: 'Chuyên viên' });
  const leaderOf = (agency: Agency, officerId: string) =>
    directory.as({ agencyId: agency.id, officerId, roles: ['leader'] });

  test('an agency that has ended: the refusal names its successor, and the past can be read', async () => {
    await appoint(ending, 'Trần Thị Bình');
    await reorganise();
    const error = await appointing(leaderOf(ending, 'lãnh đạo'), ending).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      reason: 'AGENCY_ENDED',
      metadata: { ended_on: DAY, successor_id: successor.id },
    });
    const past = leaderOf(ending, 'lãnh đạo').officers({ agencyId: ending.id, at: BEFORE });
    expect(await Array.fromAsync(past)).toHaveLength(1);
  });

  test('an officer who is relieved or has moved, also an administrator', async () => {
    const officer = await appoint(other, 'Lê Văn Cường', head);
    await appointing(leaderOf(other, officer.id), other);
    await client.directory.relieveOfficer({ officerId: officer.id, effectiveOn: '2026-01-15' });
    const administrator = directory.as({ agencyId: '', officerId: officer.id, roles: ['admin'] });
    const attempts = [
      () => appointing(leaderOf(other, officer.id), other),
      () => appointing(administrator, other),
      () => administrator.directory.endAgency({ part: { agency: byId(other.id) }, effectiveOn: DAY }),
      () => administrator.calendar.decideCalendarYear({ year: 2030, legalBasis: 'QĐ 1' }),
    ];
    for (const attempt of attempts)
      expect(await refusalOf(attempt())).toMatchObject({
        code: 'PERMISSION_DENIED',
        reason: 'OFFICER_NOT_IN_POSITION',
      });
    const moved = await appoint(ending, 'Phạm Thị Dung', head);
    await reorganise();
    await appointing(leaderOf(successor, moved.id), successor);
    const elsewhere = appointing(leaderOf(other, moved.id), other);
    expect(await refusalOf(elsewhere)).toMatchObject({ reason: 'OFFICER_NOT_IN_POSITION' });
  });
});

describe('appointments by stream', () => {
  const line = (agency: Agency, more: object = {}) => ({
    agency: byId(agency.id),
    fullName: 'Nguyễn Văn Mẫu',
    position: 'Chuyên viên',
    roles: ['officer'],
    ...more,
  });

  test('take effect as a whole, once, in the order of the lines', async () => {
    const requestId = randomUUID();
    const lines = [
      line(other, { fullName: 'Bùi Văn Thư', head: true }),
      line(other, { agency: byCode(codeOf(other)), validFrom: '2020-01-01', validTo: '2030-01-01' }),
    ];
    const { officerIds } = await client.appointOfficers(lines, { requestId });
    expect(await client.appointOfficers(lines, { requestId })).toEqual({ officerIds });
    expect(await people(other, DAY)).toEqual(['*Bùi Văn Thư: Chuyên viên', 'Nguyễn Văn Mẫu: Chuyên viên']);
    const [first] = await Array.fromAsync(client.officers({ agencyId: other.id, at: DAY }));
    expect(first?.id).toBe(officerIds[0]);
    const changed = client.appointOfficers(lines.slice(1), { requestId });
    expect(await refusalOf(changed)).toMatchObject({ reason: 'REQUEST_ID_REUSED' });
  });

  test('an old code names the successor', async () => {
    await reorganise();
    await client.appointOfficers([line(ending, { agency: byCode(codeOf(ending)), validFrom: '2026-01-01' })]);
    expect(await people(successor, '2026-01-01')).toEqual(['Nguyễn Văn Mẫu: Chuyên viên']);
  });

  test('name every bad line, and change nothing', async () => {
    await reorganise();
    const lines = [
      line(other),
      line(other, { head: true }),
      line(other, { head: true }),
      line(other, { fullName: '', validFrom: '2026-01-01', validTo: '2025-01-01' }),
      line(other, { agency: byKey('k') }),
      line(other, { agency: byCode('Y98') }),
      line(ending, { validFrom: '2026-01-01' }),
      line(other, { agency: byId(randomUUID()) }),
    ];
    expect(await refusalOf(client.appointOfficers(lines))).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'SEVERAL_PROBLEMS',
      violations: [
        'lines[2].head OVERLAPPING_VALIDITY',
        'lines[3].full_name FIELD_REQUIRED',
        'lines[3].valid_to END_BEFORE_START',
        'lines[4].agency UNKNOWN_KEY',
        'lines[5].agency UNKNOWN_CODE',
        'lines[6].valid_from AGENCY_ENDED',
        'lines[7].agency UNKNOWN_AGENCY',
      ],
    });
    expect(await people(other, DAY)).toEqual([]);
    expect(await refusalOf(client.appointOfficers([]))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: ['lines FIELD_REQUIRED'],
    });
  });

  test('are for administrators', async () => {
    const leader = directory.as({ agencyId: other.id, officerId: 'lãnh đạo', roles: ['leader'] });
    expect(await refusalOf(leader.appointOfficers([line(other)]))).toMatchObject({ reason: 'ROLE_MISSING' });
  });
});
