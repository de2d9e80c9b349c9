import { DossierRef, DossierStatus, ReturnWay } from '@lienthong/contracts/casework';
import { Topic } from '@lienthong/contracts/notification';
import type { ReceivedEvent } from '@lienthong/eventlog';
import { describe, expect, test } from 'vitest';
import type { RuleWorld } from '../intent.ts';
import { citizenChange, type KnownDossier, toFollowerIntent } from './citizens.ts';

const S = DossierStatus;
const DUE = new Date('2026-01-20T10:00:00Z');
const LATER = new Date('2026-01-27T10:00:00Z');
const COMMUNE = '01900000-0000-7000-8000-000000000001';
const DEPARTMENT = '01900000-0000-7000-8000-000000000002';

const names = new Map([
  [COMMUNE, 'Ủy ban nhân dân Phường 9'],
  [DEPARTMENT, 'Sở Tài nguyên và Môi trường'],
]);
const world: RuleWorld = {
  nameOf: (id) => names.get(id) ?? '',
  officerName: (id) => (id === '' ? '' : `cán bộ ${id}`),
  linkTo: (code) => `https://dvc.example.vn/?ma=${code}`,
  documentOf: () => undefined,
};
const LODGED: KnownDossier = {
  status: S.IN_PROGRESS,
  version: 4,
  dueAt: DUE,
  dueProvisional: false,
  lodgedAt: new Date('2026-01-15T02:30:00Z'),
  intakeAgencyId: COMMUNE,
  receiverId: '',
};

const ref = (more: Partial<DossierRef> = {}) =>
  DossierRef.fromPartial({
    id: '01900000-0000-7000-8000-000000000009',
    code: 'H61.29542-260115-0007',
    procedureName: 'Đăng ký khai sinh',
    intakeAgencyId: COMMUNE,
    holderId: DEPARTMENT,
    receiverId: 'tiếp nhận',
    solverId: 'giải quyết',
    status: S.IN_PROGRESS,
    dueAt: DUE,
    ...more,
  });

function event(type: string, version: number, payload: object = {}): ReceivedEvent {
  const envelope = {
    eventId: `01900000-0000-7000-8000-0000000001${String(version).padStart(2, '0')}`,
    version,
    occurredAt: new Date('2026-01-16T03:15:00Z'),
  };
  return { type: `lienthong.casework.v1.${type}`, envelope, payload } as unknown as ReceivedEvent;
}

type Given = readonly [type: string, dossier: Partial<DossierRef>, payload?: object];

/** The topics of the messages that events of one dossier cause, and their values. */
function notify(given: readonly Given[], known = LODGED) {
  let before = known;
  const intents = given.flatMap(([type, more, payload], i) => {
    const one = event(type, before.version === known.version ? known.version + 1 + i : i + 100, payload);
    const dossier = ref(more);
    const change = citizenChange(one, dossier, before);
    const intent = change?.topic && toFollowerIntent(one, change.topic, dossier, before, world);
    before = change?.known ?? before;
    return intent ? [intent] : [];
  });
  return { topics: intents.map(({ topic }) => topic), values: intents.map(({ values }) => values), before };
}

const own = (to: Date, provisional = false) => ({
  reason: 'Quyết định 1',
  changes: [{ taskNumber: 0, from: DUE, to, provisional }],
});
const reroute = (to: string, intakeMoved = false) => ({
  from: { name: 'Ủy ban nhân dân phường 9' },
  to: { agencyId: to, name: 'Ủy ban nhân dân phường 10' },
  effectiveOn: '2026-01-16',
  intakeMoved,
});

describe('the citizen is notified', () => {
  test.each([
    [S.REFUSED, 'DossierRefused'],
    [S.SUPPLEMENT_REQUESTED, 'SupplementRequested'],
    [S.PAYMENT_REQUESTED, 'PaymentRequested'],
    [S.WITHDRAWN, 'DossierWithdrawn'],
    [S.STOPPED, 'DossierStopped'],
    [S.FINISHED, 'DossierFinished'],
    [S.RESULT_RETURNED, 'ResultReturned'],
  ])('of status %s once, by the event that has its reason, not by others of the command', (status, type) => {
    const dossier = { status, dueAt: undefined };
    const payload = { sealedReason: 's1.k.x', amountVnd: 0n };
    const { topics, values } = notify([
      ['TaskClosed', dossier],
      [type, dossier, payload],
      ['TaskClosed', dossier],
    ]);
    expect(topics).toEqual([Topic.DOSSIER_STATUS]);
    expect(values[0]).toMatchObject({ status, sealedReason: 's1.k.x' });
  });

  test.each([
    ['SupplementReceived', S.ACCEPTED],
    ['PaymentReceived', S.IN_PROGRESS],
    ['DossierResumed', S.IN_PROGRESS],
    ['TaskAssigned', S.IN_PROGRESS],
  ])('of %s with the time promised, who received and who solves, and where to see it', (type, status) => {
    const { topics, values } = notify([[type, { status }]], { ...LODGED, status: S.STOPPED, dueAt: null });
    expect(topics).toEqual([Topic.DOSSIER_STATUS]);
    expect(values[0]).toEqual({
      dossierCode: 'H61.29542-260115-0007',
      procedureName: 'Đăng ký khai sinh',
      status,
      agencyName: 'Sở Tài nguyên và Môi trường',
      solverName: 'cán bộ giải quyết',
      intakeName: 'Ủy ban nhân dân Phường 9',
      receiverName: 'cán bộ tiếp nhận',
      lodgedAt: '2026-01-15T02:30:00.000Z',
      dueAt: DUE.toISOString(),
      dueProvisional: 0,
      at: '2026-01-16T03:15:00.000Z',
      link: 'https://dvc.example.vn/?ma=H61.29542-260115-0007',
    });
  });

  test('of an extension, with the date before', () => {
    const { topics, values } = notify([
      ['DeadlineExtended', { dueAt: LATER }, { extension: { from: DUE, to: LATER }, sealedReason: 's1.k.x' }],
    ]);
    expect(topics).toEqual([Topic.DOSSIER_EXTENDED]);
    expect(values[0]).toMatchObject({
      previousDueAt: DUE.toISOString(),
      dueAt: LATER.toISOString(),
      sealedReason: 's1.k.x',
    });
  });

  test('of a deadline that is computed again, and of one that is not provisional any more', () => {
    const moved = notify([['DeadlinesRecomputed', { dueAt: LATER }, own(LATER)]]);
    expect(moved.topics).toEqual([Topic.DOSSIER_RECOMPUTED]);
    expect(moved.values[0]).toMatchObject({ previousDueAt: DUE.toISOString(), basis: 'Quyết định 1' });
    const firm = notify([['DeadlinesRecomputed', {}, own(DUE)]], { ...LODGED, dueProvisional: true });
    expect(firm.topics).toEqual([Topic.DOSSIER_RECOMPUTED]);
    expect(firm.values[0]).toMatchObject({ previousDueAt: '', dueProvisional: 0 });
  });

  test('of a reroute once, with the deadline that the same command computed again', () => {
    const { topics, values } = notify([
      ['DossierRerouted', { dueAt: LATER }, reroute(DEPARTMENT)],
      ['DeadlinesRecomputed', { dueAt: LATER }, own(LATER)],
      ['TaskAssigned', { dueAt: LATER }],
    ]);
    expect(topics).toEqual([Topic.DOSSIER_REROUTED]);
    expect(values[0]).toMatchObject({
      fromName: 'Ủy ban nhân dân Phường 9',
      toName: 'Ủy ban nhân dân Phường 10',
      effectiveOn: '2026-01-16',
      dueAt: LATER.toISOString(),
    });
  });

  test('of the deadline alone when the agency that moved is a consulted one', () => {
    const { topics } = notify([
      ['DossierRerouted', { dueAt: LATER }, reroute('another')],
      ['DeadlinesRecomputed', { dueAt: LATER }, own(LATER)],
    ]);
    expect(topics).toEqual([Topic.DOSSIER_RECOMPUTED]);
    expect(notify([['DossierRerouted', {}, reroute('another', true)]]).topics).toEqual([
      Topic.DOSSIER_REROUTED,
    ]);
  });

  test('of the amount to pay and how the result is taken', () => {
    const payment = { status: S.PAYMENT_REQUESTED, dueAt: undefined };
    const asked = notify([['PaymentRequested', payment, { amountVnd: 1_250_000n, sealedReason: '' }]]);
    expect(asked.values[0]).toMatchObject({ amountVnd: 1_250_000 });
    expect(asked.values[0]).not.toHaveProperty('sealedReason');
    const finished = { status: S.FINISHED, returnWay: ReturnWay.POST };
    expect(notify([['DossierFinished', finished]]).values[0]).toMatchObject({ returnWay: ReturnWay.POST });
  });
});

describe('the citizen is not notified', () => {
  test.each([
    ['of what stays', 'TaskClosed', {}, {}],
    ['of deadlines of tasks', 'DeadlinesRecomputed', {}, { reason: '', changes: [{ taskNumber: 2 }] }],
    ['of a deadline that is known', 'DeadlinesRecomputed', {}, own(DUE)],
    ['of a reroute of a closed dossier', 'DossierRerouted', { status: S.FINISHED }, reroute(DEPARTMENT)],
  ])('%s', (_, type, dossier: Partial<DossierRef>, payload) => {
    const known = { ...LODGED, status: dossier.status ?? LODGED.status };
    expect(notify([[type, dossier, payload]], known).topics).toEqual([]);
  });

  test('again by an event that is read again, or late', () => {
    const requested = event('SupplementRequested', 5, { sealedReason: '' });
    const received = event('SupplementReceived', 6);
    const paused = ref({ status: S.SUPPLEMENT_REQUESTED, dueAt: undefined });
    const first = citizenChange(requested, paused, LODGED);
    const second = citizenChange(received, ref(), first?.known ?? LODGED);
    expect([first?.topic, second?.topic]).toEqual([Topic.DOSSIER_STATUS, Topic.DOSSIER_STATUS]);
    for (const again of [requested, received])
      expect(citizenChange(again, paused, second?.known ?? LODGED)).toBeUndefined();
  });
});
