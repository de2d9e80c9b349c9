import { TaskState } from '@lienthong/contracts/casework';
import { encodeEvent, eventContracts } from '@lienthong/contracts/events';
import type { EventPayload, EventSource, EventType } from '@lienthong/eventlog';
import { uuidv7 } from '@lienthong/kit';
import { ADMIN } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type Client,
  clerkOf,
  commune,
  department,
  everything,
  happened,
  issuer,
  neighbour,
  openWorld,
  outsider,
  type World,
} from './support/world.ts';

/**
 * Every type of event, and which of these get it: an issuer (also: intake of a dossier), a commune (recipient; holder),
 * its neighbour (another recipient; consulted), a department (predecessor, or agency of the notified head), an outsider and
 * an administrator of no agency.
 */
const ALL = ['issuer', 'commune', 'neighbour', 'department', 'outsider', 'administrator'];
const dossierId = uuidv7();
const dossier = { id: dossierId, code: 'H61.1-250701-0001', intakeAgencyId: issuer, holderId: commune };
const task = (number: number, agencyId: string, state: TaskState = TaskState.OPEN) => ({
  dossierId,
  number,
  agency: { agencyId, name: 'Xã', code: 'H61.1' },
  state,
});
const delivery = { deliveryId: uuidv7(), documentId: uuidv7(), senderId: issuer, holderId: commune };
const party = (agencyId: string) => ({ agencyId, name: 'Xã', code: 'H61.1' });

const agencyEvent = { agency: { id: outsider, version: 1n } };
const procedure = { procedure: { id: uuidv7(), code: '1.001' } };
const lost = <T extends EventType>(type: T, payload: object) => ({
  withdrawal: {
    type,
    payload: encodeEvent(type, eventContracts[type].codec.fromPartial(payload) as EventPayload<T>),
  },
});
const takingPart = ['issuer', 'commune', 'neighbour'];
const answering = ['issuer', 'commune'];

/** In this order: the neighbour's consultation is open from TaskOpened to TaskClosed. */
const MATRIX: readonly (readonly [EventType, object, readonly string[]])[] = [
  ['lienthong.directory.v1.AgencyEstablished', agencyEvent, ALL],
  ['lienthong.directory.v1.AgencyRenamed', agencyEvent, ALL],
  ['lienthong.directory.v1.AgencyMoved', agencyEvent, ALL],
  ['lienthong.directory.v1.AgencyUpdated', agencyEvent, ALL],
  ['lienthong.directory.v1.AgencyEnded', agencyEvent, ALL],
  ['lienthong.directory.v1.ReorganisationEnacted', {}, ALL],
  ['lienthong.directory.v1.OfficerAppointed', {}, ALL],
  ['lienthong.directory.v1.OfficerMoved', {}, ALL],
  ['lienthong.directory.v1.OfficerRelieved', {}, ALL],
  ['lienthong.directory.v1.CalendarYearDecided', {}, ALL],
  ['lienthong.registry.v1.ProcedureDrafted', procedure, ['administrator']],
  ['lienthong.registry.v1.ProcedureRevised', procedure, ['administrator']],
  ['lienthong.registry.v1.ProcedureValidated', procedure, ['administrator']],
  ['lienthong.registry.v1.ProcedureDraftDiscarded', { code: '1.001' }, ['administrator']],
  ['lienthong.registry.v1.ProcedurePublished', procedure, ALL],
  ['lienthong.registry.v1.ProcedureAmended', procedure, ALL],
  ['lienthong.registry.v1.ProcedureRepealed', procedure, ALL],
  ['lienthong.registry.v1.ProcedureSuspended', procedure, ALL],
  ['lienthong.registry.v1.ProcedureResumed', procedure, ALL],
  ['lienthong.directory.v1.CertificateRegistered', { certificate: { agencyId: issuer } }, ['issuer']],
  ['lienthong.directory.v1.CertificateRevoked', { certificate: { agencyId: issuer } }, ['issuer']],
  ['lienthong.routing.v1.DocumentIssued', { document: { id: uuidv7(), issuerId: issuer } }, ['issuer']],
  ['lienthong.routing.v1.NumberSeriesSet', { issuerId: issuer }, ['issuer']],
  [
    'lienthong.routing.v1.DeliverySent',
    { delivery: { addressedTo: party(commune) }, document: { issuerId: issuer } },
    ['issuer', 'commune'],
  ],
  [
    'lienthong.routing.v1.DeliverySent',
    {
      delivery: { addressedTo: party(department), holder: party(neighbour) },
      document: { issuerId: issuer },
    },
    ['issuer', 'neighbour', 'department'],
  ],
  ['lienthong.routing.v1.DeliveryStatusReported', delivery, ['issuer', 'commune']],
  ['lienthong.routing.v1.LateStatusNoted', delivery, ['issuer', 'commune']],
  ['lienthong.routing.v1.DeliveryChangeRequested', delivery, ['issuer', 'commune']],
  ['lienthong.routing.v1.DeliveryChanged', delivery, ['issuer', 'commune']],
  ['lienthong.routing.v1.DirectiveAnswered', delivery, ['issuer', 'commune']],
  [
    'lienthong.routing.v1.DeliveryRerouted',
    { ...delivery, reroute: { from: party(department), to: party(commune) } },
    ['issuer', 'commune', 'department'],
  ],
  ['lienthong.casework.v1.DossierLodged', { dossier }, answering],
  ['lienthong.casework.v1.DossierAccepted', { dossier }, answering],
  ['lienthong.casework.v1.TaskOpened', { dossier, task: task(1, commune) }, answering],
  ['lienthong.casework.v1.DossierImported', { dossier, tasks: [task(2, neighbour)] }, takingPart],
  ['lienthong.casework.v1.TaskOpened', { dossier, task: task(2, neighbour) }, takingPart],
  ['lienthong.casework.v1.TaskAssigned', { dossier, task: task(1, commune) }, answering],
  ['lienthong.casework.v1.TaskReleased', { dossier, task: task(1, commune) }, answering],
  ['lienthong.casework.v1.SupplementRequested', { dossier, agencyId: commune }, takingPart],
  ['lienthong.casework.v1.SupplementFileHandedIn', { dossier }, takingPart],
  ['lienthong.casework.v1.SupplementReceived', { dossier }, takingPart],
  ['lienthong.casework.v1.PaymentRequested', { dossier }, takingPart],
  ['lienthong.casework.v1.PaymentReceived', { dossier }, takingPart],
  ['lienthong.casework.v1.SurplusPaymentReceived', { dossier, agencyId: commune }, takingPart],
  ['lienthong.casework.v1.DossierStopped', { dossier }, takingPart],
  ['lienthong.casework.v1.DossierResumed', { dossier }, takingPart],
  ['lienthong.casework.v1.DeadlineExtended', { dossier }, takingPart],
  ['lienthong.casework.v1.DeadlinesRecomputed', { dossier }, takingPart],
  ['lienthong.casework.v1.DeadlineNear', { dossier, agencyId: commune }, answering],
  [
    'lienthong.casework.v1.DeadlinePassed',
    { dossier, task: task(2, neighbour), agencyId: neighbour },
    takingPart,
  ],
  [
    'lienthong.casework.v1.OverdueEscalated',
    { dossier, task: task(1, commune), agencyId: commune },
    answering,
  ],
  [
    'lienthong.casework.v1.ConsultationUnanswered',
    { dossier, task: task(2, neighbour), toldAgencyId: department },
    [...takingPart, 'department'],
  ],
  ['lienthong.casework.v1.TaskClosed', { dossier, task: task(2, neighbour, TaskState.EXPIRED) }, takingPart],
  ['lienthong.casework.v1.DossierWithdrawn', { dossier }, answering],
  [
    'lienthong.casework.v1.DossierRerouted',
    { dossier, from: party(department), to: party(neighbour), taskNumbers: [1] },
    ['issuer', 'commune', 'neighbour', 'department'],
  ],
  // Task 1 went to the neighbour.
  ['lienthong.casework.v1.DossierFinished', { dossier }, takingPart],
  ['lienthong.casework.v1.ResultReturned', { dossier }, takingPart],
  ['lienthong.casework.v1.DossierRefused', { dossier }, takingPart],

  // To those that the lost event concerned.
  ['lienthong.directory.v1.EventWithdrawn', lost('lienthong.directory.v1.AgencyRenamed', agencyEvent), ALL],
  [
    'lienthong.registry.v1.EventWithdrawn',
    lost('lienthong.registry.v1.ProcedureDrafted', procedure),
    ['administrator'],
  ],
  [
    'lienthong.routing.v1.EventWithdrawn',
    lost('lienthong.routing.v1.DeliveryStatusReported', delivery),
    ['issuer', 'commune'],
  ],
  [
    'lienthong.routing.v1.EventWithdrawn',
    lost('lienthong.routing.v1.ReadsRecorded', { reads: [{ ownerId: issuer }] }),
    [],
  ],
  ['lienthong.routing.v1.EventWithdrawn', { withdrawal: {} }, []],
  [
    'lienthong.casework.v1.EventWithdrawn',
    lost('lienthong.casework.v1.DossierWithdrawn', { dossier }),
    answering,
  ],

  // For the audit alone: not even administrators see who read what.
  ['lienthong.directory.v1.ReplayRequested', { replay: { service: 'feed' } }, []],
  ['lienthong.registry.v1.ReplayRequested', { replay: { service: 'feed' } }, []],
  ['lienthong.routing.v1.ReplayRequested', { replay: { service: 'feed' } }, []],
  ['lienthong.casework.v1.ReplayRequested', { replay: { service: 'feed' } }, []],
  ['lienthong.routing.v1.ReadsRecorded', { reads: [{ ownerId: issuer }] }, []],
  ['lienthong.casework.v1.ReadsRecorded', { reads: [{ ownerId: issuer }] }, []],
  ['lienthong.casework.v1.PaymentProblemSettled', { problemId: dossierId }, []],
];

// The tests of webhooks cover the events of webhooks.
/** The feed's own events need its webhooks; it does not read the others. */
const LEFT_OUT: readonly EventSource[] = ['feed', 'notification', 'audit'];

describe('the audience of an event', () => {
  let world: World;
  const clients = new Map<string, Client>();
  const seen = new Map<string, string[]>();

  beforeAll(async () => {
    world = await openWorld();
    for (const [name, agencyId] of Object.entries({ issuer, commune, neighbour, department, outsider }))
      clients.set(name, await world.client(clerkOf(agencyId)));
    clients.set('administrator', await world.client(ADMIN));
    let version = 0;
    await world.publish(
      ...MATRIX.map(([type, payload]) => {
        version += 1;
        return eventContracts[type].source === 'casework'
          ? happened(type, payload, { aggregateId: dossierId, version, dossierCode: dossier.code })
          : happened(type, payload);
      }),
    );
    await vi.waitFor(async () => {
      let received = 0;
      for (const [name, client] of clients) {
        const { events } = await everything(client);
        seen.set(
          name,
          events.map(({ type }) => type),
        );
        received += events.length;
      }
      expect(received).toBeGreaterThanOrEqual(MATRIX.reduce((n, [, , names]) => n + names.length, 0));
    }, 20_000);
  });
  afterAll(() => world.stop());

  test('is decided for every type of event', () => {
    const types = Object.entries(eventContracts)
      .filter(([, { source }]) => !LEFT_OUT.includes(source))
      .map(([type]) => type);
    expect([...new Set(MATRIX.map(([type]) => type))].sort()).toEqual(types.sort());
  });

  test.each([...new Set(MATRIX.map(([type]) => type))])('%s', (type) => {
    const events = MATRIX.filter(([one]) => one === type);
    for (const name of ALL) {
      const due = events.filter(([, , audience]) => audience.includes(name)).length;
      expect([name, seen.get(name)?.filter((one) => one === type).length]).toEqual([name, due]);
    }
  });

  test('events of one dossier come in its order', async () => {
    const { events } = await everything(clients.get('issuer') as Client);
    const ofDossier = events.filter((event) => event.subject === `dossier/${dossierId}`);
    const versions = ofDossier.map((event) => event.sequence);
    expect(versions).toEqual([...versions].sort((a, b) => Number(a - b)));
    expect(ofDossier[0]).toMatchObject({ dossierCode: dossier.code, source: '/lienthong/casework' });
  });

  test('an officer who does not work with documents gets only public events', async () => {
    const admin = await world.client({ agencyId: commune, officerId: 'a', roles: ['admin'] });
    const types = (await everything(admin)).events.map(({ type }) => type);
    expect(types.filter((type) => /routing|casework/.test(type))).toEqual([]);
    expect(types).toContain('lienthong.registry.v1.ProcedureDrafted');
  });
});
