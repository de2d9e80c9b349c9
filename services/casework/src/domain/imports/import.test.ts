import { DossierStatus } from '@lienthong/contracts/casework';
import { Join } from '@lienthong/contracts/registry';
import { parallel, sequence, step } from '@lienthong/workflow/testing';
import { expect, test } from 'vitest';
import { fourSteps, procedure } from '../../../test/support/procedures.ts';
import {
  createScenario,
  lodging,
  result,
  type Scenario,
  SECRET,
  vn,
} from '../../../test/support/scenario.ts';
import type { Dossier } from '../dossier/state.ts';
import { unpack } from './history.ts';
import { type Imported, importLine } from './import.ts';
import type { ImportLine, PastAct } from './line.ts';

const building = fourSteps();
const CODE = 'H61.855.29542-260115-0001';
const NOW = vn('2026-02-10 09:00');

/** A line that says what the scenario's lodging does. */
function lineOf(live: Scenario, code: string, acts: PastAct[], more: Partial<ImportLine> = {}): ImportLine {
  const { channel, applicant, data, papers, resultReturn, caseKey, procedureCode } = lodging(live, '', {
    code,
  });
  return {
    ...{ code: CODE, procedureCode, channel, applicant, data, papers, resultReturn, caseKey },
    intake: { scheme: '', code: live.province.commune.agency.identifiers[0]?.code?.code ?? '' },
    competent: null,
    lodgedAt: vn('2026-01-15 08:00'),
    officerId: live.province.commune.clerk.id,
    acts,
    notes: [],
    ...more,
  };
}

function importInto({ world, province }: Scenario, line: ImportLine, now = NOW): Imported {
  const source = {
    system: 'Một cửa cũ',
    importId: 'i',
    at: now,
    agencyId: province.commune.agency.id,
    officerId: '',
  };
  const [dossierId, secret] = ['d', 'ABCDEFGHJKMN'];
  return importLine(line, { dossierId, secret, source, world: { ...world, dossiers: new Map() }, now });
}

function decisionOf(imported: Imported) {
  if ('faults' in imported) return expect.fail(JSON.stringify(imported.faults));
  return imported.decision;
}

const faultsOf = (imported: Imported): string[] =>
  'faults' in imported ? imported.faults.map(({ field, reason }) => `${field} ${reason}`) : [];

/** What both ways must agree on. */
const comparable = ({ id: _, version: _v, imported: _i, secretHash: _s, changedAt: _c, ...rest }: Dossier) =>
  rest;
const by = (officer: { id: string }, at: number) => ({ at, officerId: officer.id });
const step1 = { blockKey: 'tiep-nhan', agency: null, outcome: '', note: SECRET, results: [] };

test('a dossier that is imported stands as one that went the same way here, with its clock and deadlines', () => {
  const live = createScenario([building]);
  const { commune, land } = live.province;
  const at = [
    vn('2026-01-15 09:00'),
    vn('2026-01-16 10:00'),
    vn('2026-01-19 08:00'),
    vn('2026-01-22 14:00'),
  ] as const;
  live.lodge(building, { accept: false });
  live.now = at[0];
  live.carryOut(commune.clerk, { kind: 'accept' });
  live.now = at[1];
  live.complete('tiep-nhan');
  live.now = at[2];
  live.carryOut(land.officer, {
    kind: 'request-supplement',
    content: SECRET,
    reason: SECRET,
    contactPhone: '',
  });
  live.now = at[3];
  live.carryOut(commune.clerk, { kind: 'receive-supplement', papers: [], data: {} });

  const acts: PastAct[] = [
    { ...by(commune.clerk, at[0]), kind: 'accepted' },
    { ...by(commune.officer, at[1]), kind: 'completed', ...step1 },
    { ...by(land.officer, at[2]), kind: 'supplementRequested', content: SECRET, reason: SECRET },
    { ...by(commune.clerk, at[3]), kind: 'supplementReceived', papers: [] },
  ];
  const { events, change } = decisionOf(
    importInto(live, lineOf(live, building.code, acts), vn('2026-01-22 15:00')),
  );
  expect(comparable(change.dossier)).toEqual(comparable(live.dossier));
  expect(change.tasks).toEqual([...live.tasks.values()]);
  expect(change.dossier).toMatchObject({
    version: 1,
    status: DossierStatus.IN_PROGRESS,
    imported: { importId: 'i' },
  });

  expect(events).toHaveLength(1);
  expect(JSON.stringify(events, (_, one) => (typeof one === 'bigint' ? Number(one) : one))).not.toContain(
    SECRET,
  );
  const past = unpack(events[0]?.payload as never, 1);
  expect(past.map(({ event }) => event.type)).toEqual(live.events.map(({ type }) => type));
  expect(past.map(({ event }) => event.payload.dossier?.status)).toEqual(
    live.events.map(({ payload }) => payload.dossier?.status),
  );
});

test('an act is that of the agency whose step it was, though the work is with another one after it', () => {
  const live = createScenario([building]);
  const { commune, land, province } = live.province;
  const acts: PastAct[] = [
    { at: vn('2026-01-15 09:00'), officerId: '', kind: 'accepted' },
    { ...by(commune.officer, vn('2026-01-16 10:00')), kind: 'completed', ...step1 },
    {
      ...by(land.officer, vn('2026-01-19 10:00')),
      kind: 'completed',
      ...{ ...step1, blockKey: 'tham-dinh', outcome: 'dat' },
    },
  ];
  const { events, change } = decisionOf(importInto(live, lineOf(live, building.code, acts)));
  expect(change.dossier.holder.agencyId).toBe(province.agency.id);
  const closed = unpack(events[0]?.payload as never, 1).filter(({ event }) =>
    event.type.endsWith('TaskClosed'),
  );
  expect(closed.map(({ actorAgencyId, actorOfficerId }) => [actorAgencyId, actorOfficerId])).toEqual([
    [commune.agency.id, ''],
    [commune.agency.id, commune.officer.id],
    [land.agency.id, land.officer.id],
  ]);
});

test('what the law limits is taken as it was done', () => {
  const live = createScenario([building]);
  const requested = { officerId: '', kind: 'supplementRequested', content: SECRET, reason: '' } as const;
  const received = { officerId: '', kind: 'supplementReceived' as const, papers: [] };
  const acts: PastAct[] = [
    { at: vn('2026-01-15 09:00'), officerId: '', kind: 'accepted' },
    { at: vn('2026-01-29 09:00'), ...requested },
    { at: vn('2026-01-30 09:00'), ...received },
    { at: vn('2026-02-02 09:00'), ...requested },
  ];
  const { change } = decisionOf(importInto(live, lineOf(live, building.code, acts)));
  expect(change.dossier).toMatchObject({ status: DossierStatus.SUPPLEMENT_REQUESTED });
});

test('each fault has its field', () => {
  const live = createScenario([
    building,
    procedure(sequence('s', parallel('p', Join.ALL, step('mot'), step('hai'))), { code: '1.900001' }),
  ]);
  const accepted: PastAct = { at: vn('2026-01-15 09:00'), officerId: '', kind: 'accepted' };
  const completed = { officerId: '', kind: 'completed', ...step1 } as const;
  const faults = (acts: PastAct[], more: Partial<ImportLine> = {}) =>
    faultsOf(importInto(live, lineOf(live, building.code, acts, more)));
  const { otherCommune } = live.province;
  const all = {
    order: faults([accepted, { ...completed, at: vn('2026-01-15 08:30') }]),
    step: faults([accepted, { ...completed, at: vn('2026-01-16 08:30'), blockKey: 'ky' }]),
    outcome: faults([
      accepted,
      { ...completed, at: vn('2026-01-16 08:30') },
      { ...completed, at: vn('2026-01-17 08:30'), blockKey: 'tham-dinh', outcome: 'la' },
    ]),
    future: faults([{ ...accepted, at: NOW + 1 }]),
    officer: faults([{ ...accepted, officerId: 'ai' }]),
    lodgedLater: faults([], { lodgedAt: NOW + 1 }),
    twice: faults([accepted, { ...accepted, at: accepted.at + 1 }]),
    procedure: faults([], { procedureCode: '9.999999' }),
    intake: faults([], { intake: { scheme: '', code: 'H61.1' } }),
    others: faults([], {
      intake: { scheme: '', code: otherCommune.agency.identifiers[0]?.code?.code ?? '' },
    }),
    series: faults([], { code: `${otherCommune.agency.identifiers[0]?.code?.code}-260115-0001` }),
    paper: faults([], { papers: [{ key: 'la', name: 'Lạ', sha256: '', originals: 1, copies: 0 }] }),
    ended: faults([
      accepted,
      { ...completed, at: vn('2026-01-16 08:30') },
      { ...completed, at: vn('2026-01-17 08:30'), blockKey: 'tham-dinh', outcome: 'khong-dat' },
    ]),
    result: faults([
      accepted,
      { ...completed, at: vn('2026-01-16 08:30') },
      {
        ...completed,
        at: vn('2026-01-17 08:30'),
        blockKey: 'tham-dinh',
        outcome: 'dat',
        results: [result('la')],
      },
    ]),
  };
  expect(all).toMatchInlineSnapshot(`
    {
      "ended": [
        "acts DOSSIER_ENDED",
      ],
      "future": [
        "acts[0].at DATE_IN_FUTURE",
      ],
      "intake": [
        "intake.code CODE_UNKNOWN",
      ],
      "lodgedLater": [
        "lodged_at DATE_IN_FUTURE",
      ],
      "officer": [
        "acts[0].officer_id OFFICER_UNKNOWN",
      ],
      "order": [
        "acts[1].at ACT_OUT_OF_ORDER",
      ],
      "others": [
        "intake.code INTAKE_NOT_YOURS",
      ],
      "outcome": [
        "acts[2].completed.outcome OUTCOME_UNKNOWN",
      ],
      "paper": [
        "papers[0].key PAPER_UNKNOWN",
      ],
      "procedure": [
        "procedure_code PROCEDURE_NOT_IN_FORCE",
      ],
      "result": [
        "acts[2].completed.results[0].key RESULT_UNKNOWN",
      ],
      "series": [
        "code CODE_NOT_YOURS",
      ],
      "step": [
        "acts[1].completed.block_key STEP_NOT_OPEN",
      ],
      "twice": [
        "acts[1].accepted ALREADY_ACCEPTED",
      ],
    }
  `);
});
