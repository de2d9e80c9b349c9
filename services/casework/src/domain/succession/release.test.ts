import { agency, ended, transferred } from '@lienthong/reference-data/testing';
import { describe, expect, test } from 'vitest';
import { agenciesOf, names, officersOf, platformActs } from '../../../test/support/passing-time.ts';
import { fourSteps } from '../../../test/support/procedures.ts';
import { createScenario, type Scenario, vn } from '../../../test/support/scenario.ts';
import { fireTimers } from '../deadlines/timers.ts';
import { leavings } from './release.ts';
import { reroute } from './reroute.ts';

const building = fourSteps();
const claim = { kind: 'claim', taskNumber: 1 } as const;

function claimed(): Scenario {
  const at = createScenario([building]);
  at.lodge(building);
  at.carryOut(at.province.commune.officer, claim);
  at.now = vn('2026-01-16 08:00');
  return at;
}

describe('an officer who leaves', () => {
  test('leaves the task free to claim, and the head is named in the event', () => {
    const at = claimed();
    const { officer, head, colleague, agency } = at.province.commune;
    officersOf(at).put({ ...officer, validTo: '2026-01-16' }, 2);
    const events = platformActs(at, reroute);
    expect(events).toMatchObject([
      {
        type: 'lienthong.casework.v1.TaskReleased',
        agencyId: agency.id,
        payload: {
          task: { number: 1, assigneeId: '' },
          fromOfficerId: officer.id,
          officerId: head.id,
          agencyId: agency.id,
        },
      },
    ]);
    expect(platformActs(at, reroute)).toEqual([]);
    at.carryOut(colleague, claim);
    expect(at.task('tiep-nhan').assigneeId).toBe(colleague.id);
  });

  test('has left before any decision: a colleague claims at once', () => {
    const at = claimed();
    const { officer, colleague } = at.province.commune;
    officersOf(at).put({ ...officer, validTo: '2026-01-16' }, 2);
    at.carryOut(colleague, claim);
    expect(names(at.events).slice(-2)).toEqual(['TaskReleased', 'TaskAssigned']);
  });

  test('is not held accountable by a timer', () => {
    const at = claimed();
    const { officer, head } = at.province.commune;
    officersOf(at).put({ ...officer, validTo: '2026-01-16' }, 2);
    at.now = at.task('tiep-nhan').dueAt ?? 0;
    at.now += 60_000;
    const events = platformActs(at, fireTimers);
    expect(names(events)[0]).toBe('TaskReleased');
    const passed = events.find(({ type }) => type === 'lienthong.casework.v1.DeadlinePassed');
    expect(passed?.payload).toMatchObject({ officerId: head.id });
  });

  test('to another agency leaves the task, too', () => {
    const at = claimed();
    const { commune, land } = at.province;
    officersOf(at).put(transferred(commune.officer, '2026-01-16', land.agency.id, false), 2);
    expect(names(platformActs(at, reroute))).toEqual(['TaskReleased']);
  });

  test('may be unknown to the directory, and keeps the task then', () => {
    const at = createScenario([building]);
    at.lodge(building);
    at.carryOut({ ...at.province.commune.officer, id: 'ngoài danh bạ' }, claim);
    expect(platformActs(at, reroute)).toEqual([]);
  });
});

test('who may have left tasks behind: at the agency, and at the one that has its work now', () => {
  const at = createScenario([building]);
  const { commune, otherCommune, land } = at.province;
  const gone = ended(commune.agency, '2026-02-02', otherCommune.agency.id);
  agenciesOf(at).put(gone);
  const dates = (...officers: Parameters<typeof leavings>[1][]) =>
    leavings(
      { agencies: agenciesOf(at) },
      officers.flatMap((one) => [...one]),
      '2026-02-02',
    );
  const relieved = { ...commune.officer, validTo: '2026-01-16' };
  expect(dates([relieved])).toEqual([
    { agencyId: commune.agency.id, officerId: relieved.id },
    { agencyId: otherCommune.agency.id, officerId: relieved.id },
  ]);
  const along = transferred(commune.colleague, '2026-02-02', otherCommune.agency.id);
  const elsewhere = transferred(
    land.officer,
    '2026-02-02',
    agency({ code: 'H61.1', name: 'Khác' }).id,
    false,
  );
  expect(dates([along, land.head])).toEqual([]);
  expect(dates([elsewhere])).toContainEqual({ agencyId: land.agency.id, officerId: land.officer.id });
});
