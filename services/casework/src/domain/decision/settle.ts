/** How a draft becomes a decision: status and holder follow from what happened, and every event names the dossier. */
import { toDossierRef, toStanding } from '../dossier/messages.ts';
import type { Dossier } from '../dossier/state.ts';
import { isClosed, leadingTask, statusOf } from '../dossier/status.ts';
import type { Draft } from './draft.ts';
import type { CaseworkEvent, Decision } from './events.ts';

export function settle(draft: Draft): Decision {
  const { dossier: before, now } = draft;
  const { holder, heldByFunction } = holderOf(before);
  const dossier: Dossier = {
    ...before,
    holder,
    heldByFunction,
    heldSince: holder.agencyId === before.holder.agencyId ? before.heldSince : now,
    status: statusOf(before),
    changedAt: now,
    version: before.version + draft.events.length,
    timerAt: isClosed(before) ? null : before.timerAt,
  };
  const ref = toDossierRef(dossier, draft.procedure);
  const events = draft.events.map(({ type, agency = holder, payload }, i) => ({
    type,
    payload: { dossier: ref, ...payload },
    aggregateId: dossier.id,
    version: before.version + 1 + i,
    agencyCode: agency.code,
    agencyId: agency.agencyId,
    dossierCode: dossier.code,
  })) as unknown as CaseworkEvent[];
  return {
    events,
    reply: { standing: toStanding(dossier) },
    change: {
      dossier,
      tasks: [...draft.tasks.values()],
      ...(draft.payment && { payment: draft.payment }),
      ...(isRerouted(draft) ? { joined: dossier.participants } : {}),
    },
  };
}

/** A successor of the competent agency may have no task. */
const isRerouted = ({ events }: Draft): boolean =>
  events.some(({ type }) => type === 'lienthong.casework.v1.DossierRerouted');

/** The agency whose open task leads; without one the last holder; of a closed dossier the intake agency, which returns it. */
function holderOf(dossier: Dossier): Pick<Dossier, 'holder' | 'heldByFunction'> {
  if (isClosed(dossier)) return { holder: dossier.intake, heldByFunction: '' };
  const lead = leadingTask(dossier);
  return lead ? { holder: lead.agency, heldByFunction: lead.byFunction } : dossier;
}
