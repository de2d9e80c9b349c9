import { type DossierRef, DossierStatus } from '@lienthong/contracts/casework';
import { Priority, Topic } from '@lienthong/contracts/notification';
import type { EventType, ReceivedEvent } from '@lienthong/eventlog';
import { properName } from '@lienthong/reference-data';
import type { Intent, RuleWorld } from '../intent.ts';
import type { CitizenTopic, Values } from '../topics.ts';

const P = 'lienthong.casework.v1.';

/** What is known of a dossier before an event. */
export interface KnownDossier {
  status: number;
  /** The version of the last event that changed what is known. */
  version: number;
  dueAt: Date | null;
  dueProvisional: boolean;
  lodgedAt: Date | null;
  /** The agency that took it in, and its officer; '' while they are not known. */
  intakeAgencyId: string;
  receiverId: string;
}

/**
 * The event that announces a status. All events of a command carry the dossier as the command leaves it, so other events
 * may show the status first; this one has the reason.
 */
const ANNOUNCED_BY: Readonly<Partial<Record<number, EventType>>> = {
  [DossierStatus.REFUSED]: `${P}DossierRefused`,
  [DossierStatus.SUPPLEMENT_REQUESTED]: `${P}SupplementRequested`,
  [DossierStatus.PAYMENT_REQUESTED]: `${P}PaymentRequested`,
  [DossierStatus.WITHDRAWN]: `${P}DossierWithdrawn`,
  [DossierStatus.STOPPED]: `${P}DossierStopped`,
  [DossierStatus.FINISHED]: `${P}DossierFinished`,
  [DossierStatus.RESULT_RETURNED]: `${P}ResultReturned`,
};

const CLOSED: readonly number[] = [
  DossierStatus.REFUSED,
  DossierStatus.WITHDRAWN,
  DossierStatus.FINISHED,
  DossierStatus.RESULT_RETURNED,
];

/** Events that may notify the citizen, besides those that other rules read. */
export const CITIZEN_TYPES = [
  `${P}DossierLodged`,
  `${P}DossierAccepted`,
  `${P}DossierRefused`,
  `${P}TaskClosed`,
  `${P}SupplementRequested`,
  `${P}SupplementReceived`,
  `${P}PaymentRequested`,
  `${P}PaymentReceived`,
  `${P}DossierWithdrawn`,
  `${P}DossierStopped`,
  `${P}DossierResumed`,
  `${P}DeadlineExtended`,
  `${P}DeadlinesRecomputed`,
  `${P}DossierRerouted`,
  `${P}DossierFinished`,
  `${P}ResultReturned`,
] as const satisfies readonly EventType[];

/** What an event changes for the citizen who follows its dossier. */
export interface CitizenChange {
  known: KnownDossier;
  /** What the citizen is notified of; undefined: of nothing. */
  topic: CitizenTopic | undefined;
}

/**
 * Undefined when the event changes nothing that the citizen knows, and for one that was read before. A status is notified
 * once, and a deadline that an earlier event of the same command carried is not notified again.
 */
export function citizenChange(
  event: ReceivedEvent,
  dossier: DossierRef,
  known: KnownDossier,
): CitizenChange | undefined {
  const { version } = event.envelope;
  if (version <= known.version) return undefined;
  const announcedBy = ANNOUNCED_BY[dossier.status];
  const isNewStatus =
    known.status !== dossier.status && (announcedBy === undefined || announcedBy === event.type);
  const dueAt = dossier.dueAt ?? null;
  const isNewDue =
    dueAt?.getTime() !== known.dueAt?.getTime() || dossier.dueProvisional !== known.dueProvisional;
  const topic = isNewStatus ? Topic.DOSSIER_STATUS : deadlineTopic(event, dossier, isNewDue);
  // A reroute that does not concern the citizen leaves its new deadline to the event that follows.
  const learnsDue = isNewDue && (topic !== undefined || event.type !== `${P}DossierRerouted`);
  if (topic === undefined && !learnsDue) return undefined;
  return {
    topic,
    known: {
      ...known,
      version,
      intakeAgencyId: dossier.intakeAgencyId,
      receiverId: dossier.receiverId,
      status: isNewStatus ? dossier.status : known.status,
      ...(learnsDue ? { dueAt, dueProvisional: dossier.dueProvisional } : {}),
    },
  };
}

function deadlineTopic(
  event: ReceivedEvent,
  { status, holderId }: DossierRef,
  isNewDue: boolean,
): CitizenTopic | undefined {
  if (CLOSED.includes(status)) return undefined;
  switch (event.type) {
    case `${P}DeadlineExtended`:
      return Topic.DOSSIER_EXTENDED;
    case `${P}DossierRerouted`: {
      // The reroute of a consulted agency does not concern the citizen.
      const { to, intakeMoved } = event.payload;
      return intakeMoved || to?.agencyId === holderId ? Topic.DOSSIER_REROUTED : undefined;
    }
    case `${P}DeadlinesRecomputed`: {
      const isOwn = event.payload.changes.some(({ taskNumber }) => taskNumber === 0);
      return isOwn && isNewDue ? Topic.DOSSIER_RECOMPUTED : undefined;
    }
    default:
      return undefined;
  }
}

/** Notifies the citizen who follows a dossier. */
export const toFollowerIntent = (
  event: ReceivedEvent,
  topic: CitizenTopic,
  dossier: DossierRef,
  known: KnownDossier,
  world: RuleWorld,
): Intent => ({
  eventId: event.envelope.eventId,
  topic,
  priority: Priority.NORMAL,
  audience: { who: 'follower', dossierId: dossier.id, agencyId: dossier.holderId },
  values: {
    dossierCode: dossier.code,
    procedureName: dossier.procedureName,
    status: dossier.status,
    agencyName: world.nameOf(dossier.holderId),
    solverName: world.officerName(dossier.solverId),
    intakeName: world.nameOf(dossier.intakeAgencyId),
    receiverName: world.officerName(dossier.receiverId),
    lodgedAt: known.lodgedAt?.toISOString() ?? '',
    dueAt: dossier.dueAt?.toISOString() ?? '',
    dueProvisional: Number(dossier.dueProvisional),
    at: event.envelope.occurredAt.toISOString(),
    link: world.linkTo(dossier.code),
    ...reasonIn(event),
    ...ownValues(event, dossier),
  },
  dossierCode: dossier.code,
  documentId: '',
});

/** The reason stays sealed until the message is written. */
function reasonIn({ payload }: ReceivedEvent): Values {
  const sealedReason = 'sealedReason' in payload ? payload.sealedReason : '';
  return sealedReason === '' ? {} : { sealedReason };
}

function ownValues(event: ReceivedEvent, { returnWay }: DossierRef): Values {
  switch (event.type) {
    case `${P}DossierFinished`:
      return { returnWay };
    case `${P}PaymentRequested`:
      return { amountVnd: Number(event.payload.amountVnd) };
    case `${P}DeadlineExtended`:
      return { previousDueAt: event.payload.extension?.from?.toISOString() ?? '' };
    case `${P}DeadlinesRecomputed`: {
      const own = event.payload.changes.find(({ taskNumber }) => taskNumber === 0);
      const hasMoved = own?.from?.getTime() !== own?.to?.getTime();
      return { basis: event.payload.reason, previousDueAt: (hasMoved && own?.from?.toISOString()) || '' };
    }
    case `${P}DossierRerouted`: {
      const { from, to, effectiveOn } = event.payload;
      return { fromName: properName(from?.name ?? ''), toName: properName(to?.name ?? ''), effectiveOn };
    }
    default:
      return {};
  }
}
