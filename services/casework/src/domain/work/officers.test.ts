import { AssignmentKind, DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { ended } from '@lienthong/reference-data/testing';
import { holderOf, Join, parallel, sequence, step } from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import {
  type Act,
  completing,
  createScenario,
  type Scenario,
  SECRET,
  vn,
} from '../../../test/support/scenario.ts';

const land = holderOf('land');
const flow = procedure(
  sequence(
    'q',
    step('mot'),
    parallel(
      'p',
      Join.ALL,
      step('hai', { performer: land, returns: [{ to: 'mot', atMost: 1 }] }),
      step('ben', { performer: holderOf('finance') }),
    ),
    step('ba'),
  ),
);

function started(): Scenario {
  const at = createScenario([flow]);
  at.lodge(flow);
  return at;
}
const assign = (officerId: string, taskNumber = 1): Act => ({ kind: 'assign', taskNumber, officerId });
const claim = (taskNumber = 1): Act => ({ kind: 'claim', taskNumber });
const handOver = (officerId: string): Act => ({
  kind: 'hand-over',
  taskNumber: 1,
  officerId,
  reason: SECRET,
});
const kindOf = (at: Scenario) => {
  const last = at.events.at(-1);
  return last?.type === 'lienthong.casework.v1.TaskAssigned' ? last.payload : undefined;
};

describe('the assignee of a task', () => {
  test('an officer claims it; the dossier is in progress', () => {
    const at = started();
    const { officer, colleague } = at.province.commune;
    at.carryOut(officer, claim());
    expect(at.dossier).toMatchObject({ status: DossierStatus.IN_PROGRESS, startedAt: at.now });
    expect(kindOf(at)).toMatchObject({ kind: AssignmentKind.CLAIMED, fromOfficerId: '' });
    expect(at.refusal(officer, claim()).reason).toBe('TASK_ALREADY_YOURS');
    expect(at.refusal(colleague, claim()).reason).toBe('TASK_ALREADY_CLAIMED');
  });

  test('a leader assigns it, and assigns it again', () => {
    const at = started();
    const { officer, colleague, head } = at.province.commune;
    expect(at.refusal(officer, assign(colleague.id)).reason).toBe('LEADER_REQUIRED');
    at.carryOut(head, assign(officer.id));
    expect(at.refusal(head, assign(officer.id)).reason).toBe('ALREADY_ASSIGNED');
    at.carryOut(head, assign(colleague.id));
    expect(kindOf(at)).toMatchObject({ kind: AssignmentKind.ASSIGNED, fromOfficerId: officer.id });
    expect(at.refusal(at.province.land.head, assign(officer.id)).reason).toBe('DOSSIER_UNKNOWN');
  });

  test('the assignee hands it over to a colleague in position', () => {
    const at = started();
    const { officer, colleague } = at.province.commune;
    expect(at.refusal(officer, handOver(colleague.id)).reason).toBe('NOT_ASSIGNED_TO_YOU');
    at.carryOut(officer, claim());
    expect(at.refusal(colleague, handOver(colleague.id)).reason).toBe('NOT_ASSIGNED_TO_YOU');
    for (const stranger of [at.province.land.officer.id, 'nobody']) {
      const { violations, reason } = at.refusal(officer, handOver(stranger));
      expect([reason, violations?.[0]?.field]).toEqual(['OFFICER_NOT_OF_AGENCY', 'officer_id']);
    }
    at.world.officers = relieved(at, colleague.id);
    expect(at.refusal(officer, handOver(colleague.id)).reason).toBe('OFFICER_NOT_OF_AGENCY');
    at.carryOut(officer, handOver(at.province.commune.clerk.id));
    expect(at.dossier.open[0]?.note).toBe(SECRET);
    expect(kindOf(at)?.task?.note).toBe('');
    expect(kindOf(at)).toMatchObject({ kind: AssignmentKind.HANDED_OVER, fromOfficerId: officer.id });
  });

  test('the intake task can be claimed; the dossier stays registered', () => {
    const at = createScenario([flow]);
    at.lodge(flow, { accept: false });
    const { officer, colleague, head } = at.province.commune;
    at.carryOut(officer, claim());
    expect(at.dossier.status).toBe(DossierStatus.REGISTERED);
    expect(at.refusal(colleague, { kind: 'accept' }).reason).toBe('NOT_ASSIGNED_TO_YOU');
    at.carryOut(head, { kind: 'accept' });
    expect(at.tasks.get(1)).toMatchObject({ outcome: 'accepted', assigneeId: officer.id, closedBy: head.id });
  });
});

describe('who may act', () => {
  test('an agency that has ended may not; its successor may at once', () => {
    const at = started();
    const { commune, otherCommune } = at.province;
    const gone = ended(commune.agency, '2026-01-16', otherCommune.agency.id);
    const { get } = at.world.agencies;
    at.world.agencies = { ...at.world.agencies, get: (id) => (id === gone.id ? gone : get(id)) };
    at.now = vn('2026-01-15 23:59');
    expect(at.refusal(otherCommune.officer, claim()).reason).toBe('DOSSIER_UNKNOWN');
    at.now = vn('2026-01-16 00:00');
    expect(at.refusal(commune.officer, claim())).toMatchObject({
      reason: 'AGENCY_ENDED',
      metadata: { ended_on: '2026-01-16', successor_id: otherCommune.agency.id },
    });
    at.carryOut(otherCommune.officer, claim());
    expect(at.events.map(({ type }) => type.split('.').at(-1))).toContain('DossierRerouted');
    expect(at.dossier).toMatchObject({
      intake: { name: 'Ủy ban nhân dân xã Bình Hòa Phước' },
      holder: { agencyId: otherCommune.agency.id },
      lodgedWith: commune.agency.id,
      heldSince: vn('2026-01-15 08:00'),
    });
  });

  test('an agency the directory does not have may not', () => {
    const at = started();
    const { get } = at.world.agencies;
    const { commune } = at.province;
    at.world.agencies = {
      ...at.world.agencies,
      get: (id) => (id === commune.agency.id ? undefined : get(id)),
    };
    expect(at.refusal(commune.officer, claim()).reason).toBe('AGENCY_UNKNOWN');
  });
});

describe('a clock that goes backwards', () => {
  test('is refused beyond a minute', () => {
    const at = started();
    at.now -= 60_001;
    expect(at.refusal(at.province.commune.officer, claim())).toMatchObject({
      kind: 'failed-precondition',
      reason: 'CLOCK_BACKWARDS',
    });
  });
  test('by less is taken as the time of the last change', () => {
    const at = started();
    const before = at.now;
    at.now -= 60_000;
    at.carryOut(at.province.commune.officer, claim());
    expect(at.dossier).toMatchObject({ changedAt: before, startedAt: before });
  });
});

describe('a return to an earlier step', () => {
  const back = (taskNumber: number, to = ''): Act => ({ kind: 'return', taskNumber, to, reason: SECRET });
  test('opens it again and cancels the later tasks, as often as the step allows', () => {
    const at = started();
    at.complete('mot');
    at.carryOut(at.province.land.officer, back(2, 'mot'));
    expect(at.tasks.get(2)).toMatchObject({ state: TaskState.RETURNED, note: SECRET });
    expect(at.tasks.get(3)).toMatchObject({ state: TaskState.CANCELLED, closedBy: '' });
    expect(at.dossier.open).toMatchObject([{ number: 4, blockKey: 'mot', kind: TaskKind.STEP }]);
    at.complete('mot');
    expect(at.refusal(at.province.land.officer, back(5)).reason).toBe('RETURN_EXHAUSTED');
  });
  test('gives it back to the officer who did it', () => {
    const at = started();
    const { commune, land: lands } = at.province;
    at.carryOut(commune.head, assign(commune.colleague.id));
    // A leader may complete what is assigned to another officer: it stays that officer's.
    at.carryOut(commune.head, { ...completing(), taskNumber: 1 });
    at.carryOut(lands.officer, back(2));
    expect(at.dossier.open).toMatchObject([{ number: 4, assigneeId: commune.colleague.id }]);
    expect(kindOf(at)).toMatchObject({
      kind: AssignmentKind.RETURNED,
      task: { number: 4, assigneeId: commune.colleague.id },
      fromOfficerId: '',
    });
  });

  test('leaves it free when that officer is not in position any more', () => {
    const at = started();
    const { commune, land: lands } = at.province;
    at.carryOut(commune.colleague, { ...completing(), taskNumber: 1 });
    at.world.officers = relieved(at, commune.colleague.id);
    at.carryOut(lands.officer, back(2));
    expect(at.dossier.open).toMatchObject([{ number: 4, assigneeId: '' }]);
    expect(kindOf(at)).toBeUndefined();
  });

  test('only where the step allows it', () => {
    const at = started();
    expect(at.refusal(at.province.commune.officer, back(1))).toMatchObject({
      reason: 'RETURN_NOT_ALLOWED',
      message: 'mot cannot be sent back; it has no return',
    });
    at.complete('mot');
    expect(at.refusal(at.province.land.officer, back(2, 'ba')).reason).toBe('RETURN_NOT_ALLOWED');
    expect(at.refusal(at.province.finance.officer, back(2)).reason).toBe('NOT_YOUR_TASK');
  });
});

describe("an officer's own consultation", () => {
  const consultAct = (
    at: Scenario,
    agencyIds: string[],
    more: Partial<Extract<Act, { kind: 'consult' }>> = {},
  ): Act => ({
    kind: 'consult',
    taskNumber: 1,
    agencyIds,
    question: SECRET,
    dueAt: at.now + 86_400_000,
    ...more,
  });

  test('keeps the task open until all have answered', () => {
    const at = started();
    const { commune, land: lands, finance } = at.province;
    at.carryOut(commune.officer, consultAct(at, [lands.agency.id, finance.agency.id]));
    expect(at.dossier.open).toMatchObject([
      { number: 1, assigneeId: commune.officer.id },
      { number: 2, kind: TaskKind.CONSULTATION, question: SECRET, askedFrom: 1, dueAt: at.now + 86_400_000 },
      { number: 3, lead: false },
    ]);
    expect(at.dossier.holder.agencyId).toBe(commune.agency.id);
    const done: Act = { ...completing(), taskNumber: 1 };
    expect(at.refusal(commune.officer, done).reason).toBe('CONSULTATION_OPEN');
    at.carryOut(lands.officer, { ...completing('answered'), taskNumber: 2 });
    expect(at.refusal(commune.officer, done).reason).toBe('CONSULTATION_OPEN');
    at.carryOut(finance.officer, { ...completing(), taskNumber: 3 });
    at.carryOut(commune.officer, done);
  });

  test('is cancelled with the task that requested it', () => {
    const at = started();
    at.complete('mot');
    const { land: lands, district } = at.province;
    at.carryOut(lands.officer, consultAct(at, [district.agency.id], { taskNumber: 2 }));
    at.carryOut(lands.officer, { kind: 'return', taskNumber: 2, to: '', reason: SECRET });
    expect(at.tasks.get(4)?.state).toBe(TaskState.CANCELLED);
  });

  test('needs other existing agencies, each once, and a later date', () => {
    const at = started();
    const { commune, land: lands } = at.province;
    const wrong = consultAct(at, [lands.agency.id, lands.agency.id, commune.agency.id, 'nobody'], {
      dueAt: at.now,
    });
    expect(
      at.refusal(commune.officer, wrong).violations?.map(({ field, reason }) => `${field} ${reason}`),
    ).toEqual([
      'agency_ids[1] AGENCY_TWICE',
      'agency_ids[2] OWN_AGENCY',
      'agency_ids[3] AGENCY_UNKNOWN',
      'due_at DUE_NOT_LATER',
    ]);
  });

  test('cannot be requested from a consultation', () => {
    const at = started();
    const { commune, land: lands, finance } = at.province;
    at.carryOut(commune.officer, consultAct(at, [lands.agency.id]));
    expect(at.refusal(lands.officer, consultAct(at, [finance.agency.id], { taskNumber: 2 })).reason).toBe(
      'NOT_A_STEP',
    );
  });
});

function relieved(at: Scenario, officerId: string): Scenario['world']['officers'] {
  const { get, ...others } = at.world.officers;
  return {
    ...others,
    get: (id) => {
      const officer = get(id);
      return officer && id === officerId ? { ...officer, validTo: '2026-01-15' } : officer;
    },
  };
}
