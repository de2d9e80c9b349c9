import type { DossierRef } from '@lienthong/contracts/casework';
import type { ConsumerOptions, EventType, ReceivedEvent } from '@lienthong/eventlog';
import type { Intent } from '../domain/intent.ts';
import { NOTIFYING_TYPES, toFollowerIntent, toOfficerIntents } from '../domain/rules/casework.ts';
import type { Planner } from '../plan-messages.ts';
import { insertDossiers, readStatuses, updateStatuses } from '../store/dossiers.ts';

const P = 'lienthong.casework.v1.';
const LODGED = `${P}DossierLodged`;

/** The other events do not change a dossier's status. */
const TYPES = [
  ...NOTIFYING_TYPES,
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
  `${P}DossierFinished`,
  `${P}ResultReturned`,
] as const satisfies readonly EventType[];

type DossierEvent = ReceivedEvent & { payload: { dossier: DossierRef | undefined } };

/** Notifies officers of their work and citizens of their dossiers. Only recent events cause messages. */
export const caseworkConsumer = (
  planner: Planner,
  isRecent: (event: ReceivedEvent) => boolean,
): ConsumerOptions<(typeof TYPES)[number]> => ({
  name: 'dossiers',
  source: 'casework',
  lingerMs: 50,
  types: TYPES,
  async handle(tx, events) {
    const dossierEvents = events as unknown as readonly DossierEvent[];
    const lodged = dossierEvents.flatMap((event) => (event.type === LODGED ? [event.payload] : []));
    insertDossiers(tx, lodged as Parameters<typeof insertDossiers>[1]);
    const ids = [...new Set(dossierEvents.flatMap(({ payload }) => payload.dossier?.id ?? []))];
    const recent = new Set(dossierEvents.filter(isRecent));
    const [known] = await Promise.all([
      readStatuses(tx, ids),
      recent.size === 0 ? undefined : planner.refresh(tx),
    ]);
    const world = planner.world();
    const changed = new Map<string, number>();
    const intents: Intent[] = [];
    for (const event of dossierEvents) {
      const { dossier } = event.payload;
      if (recent.has(event)) intents.push(...toOfficerIntents(event, world));
      const before = dossier && (changed.get(dossier.id) ?? known.get(dossier.id)?.status);
      if (!dossier || before === undefined || before === dossier.status) continue;
      changed.set(dossier.id, dossier.status);
      if (recent.has(event) && known.get(dossier.id)?.followed)
        intents.push(toFollowerIntent(event, dossier, world));
    }
    updateStatuses(tx, changed);
    await planner.plan(tx, intents);
  },
});
