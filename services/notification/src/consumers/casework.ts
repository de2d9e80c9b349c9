import type { DossierRef } from '@lienthong/contracts/casework';
import type { ConsumerOptions, EventType, ReceivedEvent } from '@lienthong/eventlog';
import type { Intent } from '../domain/intent.ts';
import { followerTold, officersTold, TELLING_TYPES } from '../domain/rules/casework.ts';
import { insertDossiers, readStatuses, updateStatuses } from '../store/dossiers.ts';
import type { Planner } from './planner.ts';

const P = 'lienthong.casework.v1.';
const LODGED = `${P}DossierLodged`;

/** Of the other events none changes a dossier's status. */
const TYPES = [
  ...TELLING_TYPES,
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

type Told = ReceivedEvent & { payload: { dossier: DossierRef | undefined } };

/** Tells officers of their work and citizens of their dossiers. `isNews` keeps old stories untold. */
export const caseworkConsumer = (
  planner: Planner,
  isNews: (event: ReceivedEvent) => boolean,
): ConsumerOptions<(typeof TYPES)[number]> => ({
  name: 'dossiers',
  source: 'casework',
  lingerMs: 50,
  types: TYPES,
  async handle(tx, events) {
    const told = events as unknown as readonly Told[];
    const lodged = told.flatMap((event) => (event.type === LODGED ? [event.payload] : []));
    insertDossiers(tx, lodged as Parameters<typeof insertDossiers>[1]);
    const ids = [...new Set(told.flatMap(({ payload }) => payload.dossier?.id ?? []))];
    const news = new Set(told.filter(isNews));
    const [standing] = await Promise.all([
      readStatuses(tx, ids),
      news.size === 0 ? undefined : planner.refresh(tx),
    ]);
    const world = planner.world();
    const changed = new Map<string, number>();
    const intents: Intent[] = [];
    for (const event of told) {
      const { dossier } = event.payload;
      if (news.has(event)) intents.push(...officersTold(event, world));
      const before = dossier && (changed.get(dossier.id) ?? standing.get(dossier.id)?.status);
      if (!dossier || before === undefined || before === dossier.status) continue;
      changed.set(dossier.id, dossier.status);
      if (news.has(event) && standing.get(dossier.id)?.followed)
        intents.push(followerTold(event, dossier, world));
    }
    updateStatuses(tx, changed);
    await planner.plan(tx, intents);
  },
});
