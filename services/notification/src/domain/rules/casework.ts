import { AssignmentKind, type DossierRef, type Task } from '@lienthong/contracts/casework';
import { Priority, Topic } from '@lienthong/contracts/notification';
import type { EventPayload, EventType, ReceivedEvent } from '@lienthong/eventlog';
import { properName } from '@lienthong/reference-data';
import type { Audience, Intent, RuleWorld } from '../intent.ts';
import type { KnownTopic, Values } from '../topics.ts';

type DossierPayload = { dossier: DossierRef | undefined; task: Task | undefined; dueAt?: Date };
type Rule<P> = (payload: P) => { topic: KnownTopic; audience: Audience; urgent?: true } | undefined;
type Rules = { [T in EventType]?: Rule<EventPayload<T>> };

const officer = (officerId: string, agencyId: string): Audience => ({ who: 'officer', officerId, agencyId });
const P = 'lienthong.casework.v1.';

/** For each type of event: the topic, and the officer that the message is for. */
const RULES = {
  // An officer who claimed the task needs no message.
  [`${P}TaskAssigned` as const]: ({ task, kind }) =>
    task === undefined || kind === AssignmentKind.CLAIMED || task.assigneeId === ''
      ? undefined
      : {
          topic: Topic.TASK_ASSIGNED,
          audience: officer(task.assigneeId, task.agency?.agencyId ?? ''),
        },
  [`${P}TaskReleased` as const]: ({ officerId, agencyId }) => ({
    topic: Topic.TASK_RELEASED,
    audience: officer(officerId, agencyId),
  }),
  [`${P}SupplementFileHandedIn` as const]: ({ officerId, agencyId }) =>
    agencyId === ''
      ? undefined
      : { topic: Topic.SUPPLEMENT_HANDED_IN, audience: officer(officerId, agencyId) },
  [`${P}DeadlineNear` as const]: ({ officerId, agencyId }) => ({
    topic: Topic.DEADLINE_NEAR,
    audience: officer(officerId, agencyId),
  }),
  [`${P}DeadlinePassed` as const]: ({ officerId, agencyId }) => ({
    topic: Topic.OVERDUE,
    audience: officer(officerId, agencyId),
  }),
  [`${P}OverdueEscalated` as const]: ({ officerId, agencyId }) => ({
    topic: Topic.ESCALATION,
    audience: officer(officerId, agencyId),
    urgent: true,
  }),
  [`${P}ConsultationUnanswered` as const]: ({ toldOfficerId, toldAgencyId }) => ({
    topic: Topic.CONSULTATION_UNANSWERED,
    audience: officer(toldOfficerId, toldAgencyId),
  }),
  [`${P}SurplusPaymentReceived` as const]: ({ officerId, agencyId }) => ({
    topic: Topic.SURPLUS_PAYMENT,
    audience: officer(officerId, agencyId),
  }),
} satisfies Rules;

export type NotifyingType = keyof typeof RULES;
export const NOTIFYING_TYPES = Object.keys(RULES) as NotifyingType[];

/** The messages to officers that an event of a dossier causes. */
export function toOfficerIntents(event: ReceivedEvent, world: RuleWorld): Intent[] {
  const rule = (RULES as unknown as Record<string, Rule<DossierPayload> | undefined>)[event.type];
  const payload = event.payload as unknown as DossierPayload;
  const message = rule?.(payload);
  if (message === undefined) return [];
  const { task, dossier } = payload;
  return [
    {
      eventId: event.envelope.eventId,
      topic: message.topic,
      priority: message.urgent ? Priority.URGENT : Priority.NORMAL,
      audience: message.audience,
      values: {
        ...dossierValues(dossier),
        taskName: task?.name ?? '',
        agencyName: properName(task?.agency?.name ?? world.nameOf(message.audience.agencyId)),
        dueAt: (payload.dueAt ?? task?.dueAt ?? dossier?.dueAt)?.toISOString() ?? '',
        dueProvisional: Number((task ?? dossier)?.dueProvisional ?? false),
      },
      dossierCode: dossier?.code ?? '',
      documentId: '',
    },
  ];
}

const dossierValues = (dossier: DossierRef | undefined): Values => ({
  dossierCode: dossier?.code ?? '',
  procedureName: dossier?.procedureName ?? '',
});
