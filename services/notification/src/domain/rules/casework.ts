import { AssignmentKind, type DossierRef, type Task } from '@lienthong/contracts/casework';
import { Priority, Topic } from '@lienthong/contracts/notification';
import type { EventPayload, EventType, ReceivedEvent } from '@lienthong/eventlog';
import type { Audience, Intent, RuleWorld } from '../intent.ts';
import type { KnownTopic, Values } from '../topics.ts';

type Told = { dossier: DossierRef | undefined; task: Task | undefined; dueAt?: Date };
type Rule<P> = (payload: P) => { topic: KnownTopic; audience: Audience; urgent?: true } | undefined;
type Rules = { [T in EventType]?: Rule<EventPayload<T>> };

const officer = (officerId: string, agencyId: string): Audience => ({ who: 'officer', officerId, agencyId });
const P = 'lienthong.casework.v1.';

/** Which event of a dossier tells which officer what. */
const RULES = {
  // Who took it up themselves knows.
  [`${P}TaskAssigned` as const]: ({ task, kind }) =>
    task === undefined || kind === AssignmentKind.CLAIMED || task.assigneeId === ''
      ? undefined
      : {
          topic: Topic.TASK_ASSIGNED,
          audience: officer(task.assigneeId, task.agency?.agencyId ?? ''),
        },
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
} satisfies Rules;

export type TellingType = keyof typeof RULES;
export const TELLING_TYPES = Object.keys(RULES) as TellingType[];

/** Who of the agencies is told by an event of a dossier. */
export function officersTold(event: ReceivedEvent, world: RuleWorld): Intent[] {
  const rule = (RULES as unknown as Record<string, Rule<Told> | undefined>)[event.type];
  const payload = event.payload as unknown as Told;
  const told = rule?.(payload);
  if (told === undefined) return [];
  const { task, dossier } = payload;
  return [
    {
      eventId: event.envelope.eventId,
      topic: told.topic,
      priority: told.urgent ? Priority.URGENT : Priority.NORMAL,
      audience: told.audience,
      values: {
        ...dossierValues(dossier),
        taskName: task?.name ?? '',
        agencyName: task?.agency?.name ?? world.nameOf(told.audience.agencyId),
        dueAt: (payload.dueAt ?? task?.dueAt ?? dossier?.dueAt)?.toISOString() ?? '',
      },
      dossierCode: dossier?.code ?? '',
      documentId: '',
    },
  ];
}

/** The citizen who follows a dossier is told of its new status. */
export const followerTold = (event: ReceivedEvent, dossier: DossierRef, world: RuleWorld): Intent => ({
  eventId: event.envelope.eventId,
  topic: Topic.DOSSIER_STATUS,
  priority: Priority.NORMAL,
  audience: { who: 'follower', dossierId: dossier.id, agencyId: dossier.holderId },
  values: {
    ...dossierValues(dossier),
    status: dossier.status,
    agencyName: world.nameOf(dossier.holderId),
    dueAt: dossier.dueAt?.toISOString() ?? '',
  },
  dossierCode: dossier.code,
  documentId: '',
});

const dossierValues = (dossier: DossierRef | undefined): Values => ({
  dossierCode: dossier?.code ?? '',
  procedureName: dossier?.procedureName ?? '',
});
