import type { DossierRef } from '@lienthong/contracts/casework';
import type { CaseworkEventType } from '../decision/events.ts';
import type { PastEvent } from '../history/past.ts';

/** Epoch milliseconds; `to` is null while the period lasts. */
export interface Period {
  from: number;
  to: number | null;
}

/** What the facts of a live dossier need from its earlier events. Plain data, stored as JSON. */
export interface Tally {
  /** The version of the last counted event. */
  version: number;
  acceptedAt: number | null;
  /** When the clocks were paused: the dossier waited for a supplement or a payment, or was stopped. */
  pauses: readonly Period[];
  /** When an agency other than the intake agency held the dossier. */
  elsewhere: readonly Period[];
  supplements: number;
  extended: boolean;
  /** The deadline in force; the last one while there is none. */
  dueAt: number | null;
}

const PREFIX = 'lienthong.casework.v1.';

/** The events that facts are made from; assignments and reminders do not change them. */
export const COUNTED = [
  `${PREFIX}DossierLodged`,
  `${PREFIX}DossierAccepted`,
  `${PREFIX}DossierRefused`,
  `${PREFIX}TaskOpened`,
  `${PREFIX}TaskClosed`,
  `${PREFIX}SupplementRequested`,
  `${PREFIX}SupplementReceived`,
  `${PREFIX}PaymentRequested`,
  `${PREFIX}PaymentReceived`,
  `${PREFIX}DossierStopped`,
  `${PREFIX}DossierResumed`,
  `${PREFIX}DossierWithdrawn`,
  `${PREFIX}DeadlineExtended`,
  `${PREFIX}DeadlinesRecomputed`,
  `${PREFIX}DossierFinished`,
  `${PREFIX}DossierRerouted`,
] as const satisfies readonly CaseworkEventType[];

export type CountedEvent = Extract<PastEvent, { type: (typeof COUNTED)[number] }>;

const NOTHING: Tally = {
  version: 0,
  acceptedAt: null,
  pauses: [],
  elsewhere: [],
  supplements: 0,
  extended: false,
  dueAt: null,
};

/**
 * The tally after an event; the same object when nothing changes, as for an event that was counted before. Undefined for
 * a dossier that has ended: its tally was deleted.
 */
export function advance(tally: Tally | undefined, event: CountedEvent): Tally | undefined {
  const before = tally ?? (event.type === `${PREFIX}DossierLodged` ? NOTHING : undefined);
  if (before === undefined || event.version <= before.version) return before;
  const dueAt = event.payload.dossier?.dueAt?.getTime() ?? before.dueAt;
  const after = { ...before, dueAt, ...holding(before, event), ...timing(before, event) };
  return tally !== undefined && isSame(after, tally) ? tally : { ...after, version: event.version };
}

const isSame = (a: Tally, b: Tally): boolean => Object.keys(NOTHING).every((key) => same(a, b, key as never));
const same = (a: Tally, b: Tally, key: keyof Tally): boolean => a[key] === b[key];

function holding({ elsewhere }: Tally, { at, payload: { dossier } }: CountedEvent): Partial<Tally> {
  if (dossier === undefined) return {};
  const away = isElsewhere(dossier);
  if (away === isOpen(elsewhere)) return {};
  return { elsewhere: away ? [...elsewhere, { from: at, to: null }] : closed(elsewhere, at) };
}

const isElsewhere = ({ holderId, intakeAgencyId }: DossierRef): boolean =>
  holderId !== '' && holderId !== intakeAgencyId;

function timing(tally: Tally, event: CountedEvent): Partial<Tally> {
  switch (event.type) {
    case 'lienthong.casework.v1.DossierAccepted':
      return { acceptedAt: event.payload.acceptedAt?.getTime() ?? event.at };
    case 'lienthong.casework.v1.SupplementRequested':
      return { ...paused(tally, event), supplements: tally.supplements + 1 };
    case 'lienthong.casework.v1.PaymentRequested':
    case 'lienthong.casework.v1.DossierStopped':
      return paused(tally, event);
    case 'lienthong.casework.v1.SupplementReceived':
    case 'lienthong.casework.v1.PaymentReceived':
    case 'lienthong.casework.v1.DossierResumed':
      return isOpen(tally.pauses) ? { pauses: closed(tally.pauses, event.at) } : {};
    case 'lienthong.casework.v1.DeadlineExtended':
      return { extended: true };
    default:
      return {};
  }
}

const paused = ({ pauses }: Tally, { at }: CountedEvent): Partial<Tally> =>
  isOpen(pauses) ? {} : { pauses: [...pauses, { from: at, to: null }] };

const isOpen = (periods: readonly Period[]): boolean => periods.at(-1)?.to === null;

const closed = (periods: readonly Period[], to: number): Period[] =>
  periods.map((period) => (period.to === null ? { from: period.from, to } : period));
