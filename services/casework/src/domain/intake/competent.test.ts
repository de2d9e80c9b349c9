import { type Agency, Agency as AgencyRecord, Tier } from '@lienthong/contracts/directory';
import type { Performer, Procedure } from '@lienthong/contracts/registry';
import { uuidv7 } from '@lienthong/kit';
import { agency, ended } from '@lienthong/reference-data/testing';
import { ancestor, holderOf, intake, named, sequence, step } from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { agenciesOf, platformActs } from '../../../test/support/passing-time.ts';
import { procedure } from '../../../test/support/procedures.ts';
import type { Province } from '../../../test/support/province.ts';
import {
  blocksOf,
  callerFrom,
  createScenario,
  lodging,
  type Scenario,
  vn,
} from '../../../test/support/scenario.ts';
import type { Lodge } from '../decision/command.ts';
import { decide } from '../decision/decide.ts';
import { mayReadFiles } from '../files/may-read.ts';
import { reroute } from '../succession/reroute.ts';

const competent: Performer = { performer: { $case: 'competent', value: {} } };
const aboveCompetent = (tier: Tier): Performer => ({
  performer: { $case: 'competentAncestor', value: tier },
});
const forCompetent = (fn: string): Performer => ({ performer: { $case: 'competentFunction', value: fn } });

/** Taken in, examined where the matter is, decided by the department and above, returned where it was taken in. */
const journey = (executingAgency: Performer = intake): Procedure =>
  procedure(
    sequence(
      'q',
      step('nhan', { performer: intake }),
      step('xem', { performer: competent }),
      step('duyet', { performer: forCompetent('land') }),
      step('ky', { performer: aboveCompetent(Tier.DISTRICT) }),
      step('tra', { performer: intake }),
    ),
    { executingAgency },
  );

const idOf = (at: Scenario, office: keyof Province): string => at.province[office].agency.id;

const lodged = (of: Procedure, more: (at: Scenario) => Partial<Lodge>): Scenario => {
  const at = createScenario([of]);
  at.lodge(of, more(at));
  return at;
};

/** The status, reason and field of a refused lodging; nothing may have changed. */
function refused(of: Procedure, more: (at: Scenario) => Partial<Lodge>, before?: (at: Scenario) => void) {
  const at = createScenario([of]);
  before?.(at);
  const result = decide(lodging(at, uuidv7(), of, more(at)), at.world);
  if (result.ok) throw new Error('the lodging was accepted');
  expect([at.world.dossiers.size, at.world.nextNumbers.size]).toEqual([0, 0]);
  const { kind, reason, violations, message, metadata } = result.refusal;
  return { kind, reason, field: violations?.[0]?.field, message, metadata };
}

describe('the competent agency', () => {
  test('is the intake agency, when the procedure is executed there and nobody names another', () => {
    const at = lodged(journey(), () => ({}));
    expect(at.dossier.competent).toEqual(at.dossier.intake);
    expect(at.dossier.participants).toEqual([idOf(at, 'commune')]);
  });

  test.each([
    ['named', { competentAgencyId: 'otherCommune' }],
    ['found for the territory', { territoryAgencyId: 'otherCommune' }],
  ] as const)('of another commune, %s, does what the workflow says of it', (_, which) => {
    const at = lodged(journey(), (one) =>
      Object.fromEntries(Object.entries(which).map(([key, office]) => [key, idOf(one, office)])),
    );
    expect(at.dossier).toMatchObject({
      intake: { code: 'H61.855.29542' },
      competent: { code: 'H61.855.29545' },
      competentByFunction: '',
      participants: [idOf(at, 'commune'), idOf(at, 'otherCommune')],
    });
    expect(at.events[0]?.payload.dossier?.competentAgencyId).toBe(idOf(at, 'otherCommune'));
    const walked: string[] = [];
    for (const block of ['nhan', 'xem', 'duyet', 'ky', 'tra']) {
      walked.push(...blocksOf(at));
      expect(at.dossier.holder).toEqual(at.task(block).agency);
      at.complete(block);
    }
    expect(walked).toEqual([
      'nhan @ H61.855.29542',
      'xem @ H61.855.29545',
      'duyet @ H61.STNMT',
      'ky @ H61.855',
      'tra @ H61.855.29542',
    ]);
    expect(at.dossier.holder.code).toBe('H61.855.29542');
  });

  test('is found by function, for the intake agency and for another territory', () => {
    const land = journey(holderOf('land'));
    for (const more of [{}, { territoryAgencyId: 'otherCommune' }, { competentAgencyId: 'land' }] as const) {
      const at = lodged(land, (one) =>
        Object.fromEntries(
          Object.entries(more).map(([key, office]) => [key, idOf(one, office as keyof Province)]),
        ),
      );
      expect(at.dossier).toMatchObject({ competent: { code: 'H61.STNMT' }, competentByFunction: 'land' });
    }
  });

  test('may be a tier above the territory, or one agency', () => {
    const above = lodged(journey(ancestor(Tier.PROVINCE)), (at) => ({
      territoryAgencyId: idOf(at, 'otherCommune'),
    }));
    expect(above.dossier.competent.code).toBe('H61');
    const at = createScenario([]);
    const one = journey(named(idOf(at, 'finance')));
    const there = createScenario([one], at.province);
    there.lodge(one, { competentAgencyId: idOf(at, 'finance') });
    expect(there.dossier.competent.code).toBe('H61.STC');
  });

  test('is taken in for at any unit of the province since Decree 118/2025', () => {
    const of = journey();
    const at = lodged(of, (one) => ({
      caller: callerFrom(one.province.land.clerk),
      competentAgencyId: idOf(one, 'commune'),
    }));
    expect(at.dossier).toMatchObject({
      intake: { code: 'H61.STNMT' },
      competent: { code: 'H61.855.29542' },
    });
    const before = refused(of, (one) => ({
      now: vn('2025-06-30 08:00'),
      caller: callerFrom(one.province.land.clerk),
      competentAgencyId: idOf(one, 'commune'),
    }));
    expect(before).toMatchObject({ kind: 'failed-precondition', reason: 'WRONG_TIER', field: undefined });
  });
});

describe('a competent agency is refused', () => {
  const DATE = '2026-01-15';
  test.each([
    ['COMPETENT_WITHOUT_FUNCTION', { competentAgencyId: 'finance' }, holderOf('land'), 'failed-precondition'],
    ['COMPETENT_UNKNOWN', { territoryAgencyId: 'otherCommune' }, holderOf('sea'), 'failed-precondition'],
    ['WRONG_TIER', { competentAgencyId: 'land' }, intake, 'failed-precondition'],
    ['WRONG_TIER', { territoryAgencyId: 'province' }, intake, 'failed-precondition'],
    ['WRONG_TIER', { competentAgencyId: 'land' }, ancestor(Tier.PROVINCE), 'failed-precondition'],
    ['NOT_COMPETENT', { competentAgencyId: 'land' }, named(uuidv7()), 'failed-precondition'],
    ['AGENCY_UNKNOWN', { competentAgencyId: uuidv7() }, intake, 'invalid-argument'],
    ['AGENCY_UNKNOWN', { territoryAgencyId: uuidv7() }, intake, 'invalid-argument'],
  ] as const)('%s: %o', (reason, which, executing, kind) => {
    const [[key, office]] = Object.entries(which) as [[string, string]];
    const refusal = refused(journey(executing), (at) => ({
      [key]: at.province[office as keyof Province]?.agency.id ?? office,
    }));
    expect(refusal).toMatchObject({
      kind,
      reason,
      field: key === 'competentAgencyId' ? 'competent_agency_id' : 'territory_agency_id',
    });
  });

  test('without its function any more at the date', () => {
    const of = journey(holderOf('land'));
    const refusal = refused(
      of,
      (at) => ({ competentAgencyId: idOf(at, 'land') }),
      (at) =>
        agenciesOf(at).put({
          ...at.province.land.agency,
          version: 9n,
          functions: [{ function: 'land', validFrom: '2020-01-01', validTo: DATE }],
        } as Agency),
    );
    expect(refusal).toMatchObject({ reason: 'COMPETENT_WITHOUT_FUNCTION', field: 'competent_agency_id' });
    expect(refusal.message).toContain(DATE);
  });

  test('ended, with its successor; and not yet there', () => {
    const end = (successor: (at: Scenario) => string | undefined) =>
      refused(
        journey(),
        (at) => ({ competentAgencyId: idOf(at, 'otherCommune') }),
        (at) => agenciesOf(at).put(ended(at.province.otherCommune.agency, '2026-01-01', successor(at))),
      );
    const followed = end((at) => idOf(at, 'commune'));
    expect(followed).toMatchObject({
      kind: 'invalid-argument',
      reason: 'AGENCY_ENDED',
      field: 'competent_agency_id',
    });
    expect(followed.message).toContain('name its successor Ủy ban nhân dân xã An Bình');
    expect(followed.metadata?.successor_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(end(() => undefined)).toMatchObject({
      reason: 'AGENCY_ENDED',
      metadata: { ended_on: '2026-01-01', successor_id: '' },
    });
    const later = agency({ code: 'H61.9', name: 'Xã Mai Sau', establishedOn: '2026-07-01' });
    const early = refused(
      journey(),
      () => ({ competentAgencyId: later.id }),
      (at) => agenciesOf(at).put(later),
    );
    expect(early.reason).toBe('AGENCY_UNKNOWN');
  });

  test('of another province', () => {
    const province = agency({ code: 'H48', name: 'Tỉnh Khác', tier: Tier.PROVINCE });
    const far = agency({ code: 'H48.1', name: 'Xã Xa', parentId: province.id });
    const refusal = refused(
      journey(),
      () => ({ competentAgencyId: far.id }),
      (at) => {
        agenciesOf(at).put(province);
        agenciesOf(at).put(far);
      },
    );
    expect(refusal).toMatchObject({
      kind: 'failed-precondition',
      reason: 'OTHER_PROVINCE',
      field: 'competent_agency_id',
    });
  });
});

describe('a reorganisation', () => {
  const MERGED = '2026-02-02';

  test('moves competence to the successor, which reads the files without a task', () => {
    const at = lodged(journey(), (one) => ({ competentAgencyId: idOf(one, 'otherCommune') }));
    const next = agency({ code: 'H61.29546', name: 'Xã Hợp Nhất', establishedOn: MERGED });
    agenciesOf(at).put(next);
    agenciesOf(at).put(ended(at.province.otherCommune.agency, MERGED, next.id));
    at.now = vn(`${MERGED} 08:00`);
    const events = platformActs(at, reroute);
    expect(events).toMatchObject([
      {
        type: 'lienthong.casework.v1.DossierRerouted',
        payload: { competentMoved: true, intakeMoved: false, taskNumbers: [], to: { agencyId: next.id } },
      },
    ]);
    expect(at.dossier).toMatchObject({
      competent: { agencyId: next.id },
      lodgedFor: idOf(at, 'otherCommune'),
      intake: { agencyId: idOf(at, 'commune') },
    });
    expect(mayReadFiles(at.dossier, [], (id) => id === next.id, at.now)).toBe(true);
    expect(platformActs(at, reroute)).toEqual([]);
  });

  test('that splits the functions moves it with the function it was found by', () => {
    const at = lodged(journey(holderOf('land')), () => ({}));
    const [main, withLand] = ['Sở Mới', 'Sở Đất đai'].map((name, i) =>
      agency({ code: `H61.S${i}`, name, tier: Tier.DEPARTMENT, establishedOn: MERGED, functions: ['land'] }),
    ) as [Agency, Agency];
    agenciesOf(at).put(main);
    agenciesOf(at).put(withLand);
    const before = ended(at.province.land.agency, MERGED, main.id);
    agenciesOf(at).put(
      AgencyRecord.fromPartial({
        ...before,
        successors: [
          ...before.successors.map((one) => ({ ...one, main: true })),
          { successorId: withLand.id, functions: ['land'] },
        ],
      }),
    );
    at.now = vn(`${MERGED} 08:00`);
    const { change } = decideToReroute(at);
    expect(change.dossier.competent.agencyId).toBe(withLand.id);
    expect(change.joined).toContain(withLand.id);
  });

  test('that abolishes a tier above the competent agency leaves its work to the successor', () => {
    const at = lodged(journey(), (one) => ({ competentAgencyId: idOf(one, 'otherCommune') }));
    for (const block of ['nhan', 'xem']) at.complete(block);
    const { district, province } = at.province;
    agenciesOf(at).put(ended(district.agency, MERGED, province.agency.id));
    at.now = vn(`${MERGED} 08:00`);
    at.complete('duyet');
    expect(blocksOf(at)).toEqual(['ky @ H61']);
  });
});

function decideToReroute(at: Scenario) {
  const { decision } = reroute(at.dossier, at.world, at.now);
  if (!decision) throw new Error('nothing was moved');
  return decision;
}
