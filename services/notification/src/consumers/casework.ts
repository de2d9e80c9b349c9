import type { DossierRef } from '@lienthong/contracts/casework';
import type { ConsumerOptions, ReceivedEvent } from '@lienthong/eventlog';
import type { Intent } from '../domain/intent.ts';
import { NOTIFYING_TYPES, toOfficerIntents } from '../domain/rules/casework.ts';
import {
  CITIZEN_TYPES,
  citizenChange,
  type KnownDossier,
  toFollowerIntent,
} from '../domain/rules/citizens.ts';
import type { Planner } from '../plan-messages.ts';
import { insertDossiers, readKnown, updateKnown } from '../store/dossiers.ts';

const LODGED = 'lienthong.casework.v1.DossierLodged';
const IMPORTED = 'lienthong.casework.v1.DossierImported';
const REROUTED = 'lienthong.casework.v1.DossierRerouted';

const TYPES = [...NOTIFYING_TYPES, ...CITIZEN_TYPES, IMPORTED] as const;

type DossierEvent = ReceivedEvent & { payload: { dossier: DossierRef | undefined } };

/** Notifies officers of their work and citizens of their dossiers. Only recent events cause messages. */
export const caseworkConsumer = (
  planner: Planner,
  isRecent: (event: ReceivedEvent) => boolean,
  applyDirectory: () => Promise<unknown>,
): ConsumerOptions<(typeof TYPES)[number]> => ({
  name: 'dossiers',
  source: 'casework',
  lingerMs: 50,
  types: TYPES,
  async handle(tx, events) {
    const dossierEvents = events as unknown as readonly DossierEvent[];
    const lodged = dossierEvents.flatMap((event) =>
      event.type === LODGED || event.type === IMPORTED ? [event.payload] : [],
    );
    insertDossiers(tx, lodged as Parameters<typeof insertDossiers>[1]);
    const ids = [...new Set(dossierEvents.flatMap(({ payload }) => payload.dossier?.id ?? []))];
    const recent = new Set(dossierEvents.filter(isRecent));
    // The officers go to the successor by the same change of the directory; they are notified where they are now.
    if ([...recent].some(({ type }) => type === REROUTED)) await applyDirectory();
    const [known] = await Promise.all([
      readKnown(tx, ids),
      recent.size === 0 ? undefined : planner.refresh(tx),
    ]);
    const world = planner.world();
    const changed = new Map<string, KnownDossier>();
    const intents: Intent[] = [];
    for (const event of dossierEvents) {
      const { dossier } = event.payload;
      if (recent.has(event)) intents.push(...toOfficerIntents(event, world));
      const row = dossier && known.get(dossier.id);
      if (!row) continue;
      const before = changed.get(dossier.id) ?? row;
      const change = citizenChange(event, dossier, before);
      if (change === undefined) continue;
      changed.set(dossier.id, change.known);
      if (change.topic !== undefined && row.followed && recent.has(event))
        intents.push(toFollowerIntent(event, change.topic, dossier, before, world));
    }
    updateKnown(tx, changed);
    await planner.plan(tx, intents);
  },
});
