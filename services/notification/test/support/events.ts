import { createHash } from 'node:crypto';
import { AssignmentKind, DossierRef, type DossierStatus, Task } from '@lienthong/contracts/casework';
import type { Agency, Officer } from '@lienthong/contracts/directory';
import {
  Delivery,
  DeliveryState,
  DeliveryStatus,
  Document,
  DocumentSummary,
} from '@lienthong/contracts/routing';
import type { NewEvent } from '@lienthong/eventlog';
import { uuidv7 } from '@lienthong/kit';
import { partyAt } from '@lienthong/reference-data';

/** Events of one dossier, as casework numbers them. */
export function dossierEvents(holder: Agency, code: string, secret = 'ABCDEFGHJKMN') {
  const id = uuidv7();
  const digest = createHash('sha256').update(`${id}:${secret}`).digest();
  let version = 0;
  const ref = (status: DossierStatus, more: Partial<DossierRef> = {}): DossierRef =>
    DossierRef.fromPartial({
      id,
      code,
      procedureName: 'Đăng ký khai sinh',
      intakeAgencyId: holder.id,
      holderId: holder.id,
      status,
      ...more,
    });
  // biome-ignore lint/suspicious/noExplicitAny: the payload's shape is checked where it is encoded
  const event = (type: string, status: DossierStatus, payload: any, more?: Partial<DossierRef>): NewEvent => {
    version += 1;
    return {
      type: `lienthong.casework.v1.${type}`,
      payload: { dossier: ref(status, more), ...payload },
      aggregateId: id,
      version,
      agencyCode: 'H61',
      agencyId: holder.id,
      dossierCode: code,
    } as NewEvent;
  };
  const task = (assigneeId = '', name = 'Thẩm định hồ sơ') =>
    Task.fromPartial({ dossierId: id, number: 1, name, agency: partyAt(holder, '2026-01-15'), assigneeId });
  const dueAt = new Date('2026-01-20T10:00:00Z');
  const toOfficer = (officer: Officer | undefined) => ({
    task: task(officer?.id),
    dueAt,
    officerId: officer?.id ?? '',
    agencyId: holder.id,
  });
  return {
    id,
    code,
    /** Any event of the dossier. */
    event,
    lodged: () =>
      event('DossierLodged', 1, {
        channel: 1,
        lodgedAt: new Date(),
        papers: [],
        trackingDigest: digest,
      }),
    /** It came from another system, where an officer had its task. */
    imported: (officer: Officer) =>
      event('DossierImported', 4, {
        at: new Date(),
        system: 'Một cửa cũ',
        importId: '',
        channel: 1,
        lodgedAt: new Date(),
        tasks: [task(officer.id)],
        history: [],
        trackingDigest: digest,
      }),
    assigned: (officer: Officer, kind: AssignmentKind = AssignmentKind.ASSIGNED, name?: string) =>
      event('TaskAssigned', 4, { task: task(officer.id, name), kind, fromOfficerId: '' }),
    released: (from: Officer, head?: Officer) =>
      event('TaskReleased', 4, {
        task: task(),
        fromOfficerId: from.id,
        officerId: head?.id ?? '',
        agencyId: holder.id,
      }),
    handedIn: (officer?: Officer, agencyId = holder.id) =>
      event('SupplementFileHandedIn', 5, {
        at: new Date('2026-01-15T01:00:00Z'),
        contentType: 'application/pdf',
        sizeBytes: 9n,
        officerId: officer?.id ?? '',
        agencyId,
      }),
    near: (officer?: Officer) => event('DeadlineNear', 4, toOfficer(officer)),
    passed: (officer?: Officer) => event('DeadlinePassed', 4, toOfficer(officer)),
    escalated: (officer?: Officer) => event('OverdueEscalated', 4, toOfficer(officer)),
    unanswered: (officer?: Officer) =>
      event('ConsultationUnanswered', 4, {
        task: task(),
        toldOfficerId: officer?.id ?? '',
        toldAgencyId: holder.id,
      }),
    surplus: (officer?: Officer) =>
      event('SurplusPaymentReceived', 7, {
        amountVnd: 75_000n,
        at: new Date(),
        provider: 'Cổng thanh toán',
        officerId: officer?.id ?? '',
        agencyId: holder.id,
      }),
    accepted: () => event('DossierAccepted', 2, { acceptedAt: new Date() }),
    refused: () => event('DossierRefused', 3, { at: new Date() }),
    supplementRequested: () => event('SupplementRequested', 5, { agencyId: holder.id, at: new Date() }),
    finished: () => event('DossierFinished', 9, { finishedAt: new Date(), results: [] }),
  };
}

/** Events of a document from one agency to others, and of its deliveries. */
export function documentEvents(
  issuer: Agency,
  recipients: readonly Agency[],
  more: {
    dueOn?: string;
    tasks?: { content: string; dueOn: string }[];
    urgency?: 1 | 2;
    subject?: string;
  } = {},
) {
  const id = uuidv7();
  const subject = more.subject ?? 'Kế hoạch cải cách hành chính';
  const shared = {
    id,
    issuerId: issuer.id,
    issuerName: partyAt(issuer, '2026-01-15').name,
    number: '12',
    notation: 'KH-UBND',
    subject,
    urgency: more.urgency ?? 1,
    dueOn: more.dueOn ?? '',
  };
  const about = { agencyCode: 'H61', documentId: id };
  const deliveries = recipients.map((agency) => ({ id: uuidv7(), agency, version: 1 }));
  const next = (i: number) => {
    const delivery = deliveries[i];
    if (delivery === undefined) throw new RangeError(`there is no delivery ${i}`);
    delivery.version += 1;
    return { ...about, aggregateId: delivery.id, version: delivery.version, agencyId: delivery.agency.id };
  };
  const of = (i: number) => ({
    deliveryId: deliveries[i]?.id ?? '',
    documentId: id,
    senderId: issuer.id,
    holderId: deliveries[i]?.agency.id ?? '',
    at: new Date(),
  });
  return {
    id,
    issued: (): NewEvent[] => [
      {
        type: 'lienthong.routing.v1.DocumentIssued',
        payload: { document: Document.fromPartial({ ...shared, tasks: more.tasks ?? [] }) },
        aggregateId: id,
        version: 1,
        agencyId: issuer.id,
        ...about,
      },
      ...deliveries.map(
        ({ id: deliveryId, agency }): NewEvent => ({
          type: 'lienthong.routing.v1.DeliverySent',
          payload: {
            delivery: Delivery.fromPartial({
              id: deliveryId,
              documentId: id,
              addressedTo: partyAt(agency, '2026-01-15'),
            }),
            document: DocumentSummary.fromPartial(shared),
          },
          aggregateId: deliveryId,
          version: 1,
          agencyId: agency.id,
          ...about,
        }),
      ),
    ],
    reported: (i: number, status: DeliveryStatus): NewEvent => ({
      type: 'lienthong.routing.v1.DeliveryStatusReported',
      payload: {
        ...of(i),
        status,
        reason: status === DeliveryStatus.REFUSED ? 'Không đúng thẩm quyền' : '',
        assignee: '',
        state: status === DeliveryStatus.REFUSED ? DeliveryState.REFUSED : DeliveryState.OPEN,
        agencyName: 'Xã',
        signatureVerdict: undefined,
        happenedAt: undefined,
      },
      ...next(i),
    }),
    answered: (i: number): NewEvent => ({
      type: 'lienthong.routing.v1.DirectiveAnswered',
      payload: { ...of(i), reportId: uuidv7() },
      ...next(i),
    }),
    rerouted: (i: number, to: Agency): NewEvent => ({
      type: 'lienthong.routing.v1.DeliveryRerouted',
      payload: {
        deliveryId: deliveries[i]?.id ?? '',
        documentId: id,
        senderId: issuer.id,
        reroute: {
          from: partyAt(deliveries[i]?.agency as Agency, '2026-01-15'),
          to: partyAt(to, '2026-01-15'),
          effectiveOn: '2026-01-15',
          legalBasis: 'NQ 1',
        },
        at: new Date(),
        document: DocumentSummary.fromPartial(shared),
      },
      ...next(i),
    }),
  };
}
