import type { CommonEventType } from '@lienthong/contracts/events';
import type { Procedure } from '@lienthong/contracts/registry';
import type { EventType, NewEvent, NewEventOf } from '@lienthong/eventlog';
import type { History } from './procedure.ts';

export type RegistryEvent = Exclude<
  Extract<NewEvent, { type: `lienthong.registry.v1.${string}` }>,
  { type: CommonEventType }
>;
/** A decision without its change, which follows from the events. */
export interface EventsAndReply<R> {
  events: readonly RegistryEvent[];
  reply: R;
}

type DiscardEvent = 'lienthong.registry.v1.ProcedureDraftDiscarded';
/** Events that carry the version as it is after the event: all but one type. */
type VersionEvent = Exclude<RegistryEvent['type'], DiscardEvent>;

const envelope = <T extends EventType>(type: T, history: History, nth: number) => ({
  type,
  aggregateId: history.id,
  version: history.lastEvent + nth,
  agencyCode: '',
  agencyId: '',
});

/** The `nth` event (from 1) that a command adds to a history. */
export const versionEvent = (
  type: VersionEvent,
  history: History,
  procedure: Procedure,
  nth = 1,
): RegistryEvent =>
  ({ ...envelope(type, history, nth), payload: { procedure } }) as NewEventOf<VersionEvent> as RegistryEvent;

export const discardEvent = (history: History, draft: Procedure): RegistryEvent => ({
  ...envelope('lienthong.registry.v1.ProcedureDraftDiscarded', history, 1),
  payload: { procedureId: draft.id, code: draft.code, version: draft.version },
});

/** The change that one event makes to a history. */
export interface VersionChange {
  historyId: string;
  code: string;
  /** The number of the event. */
  lastEvent: number;
  procedureId: string;
  /** The version as it is after the event; undefined when its draft was discarded. */
  procedure: Procedure | undefined;
}

export function changeOf(event: RegistryEvent): VersionChange {
  const { aggregateId: historyId, version: lastEvent } = event;
  if (event.type === 'lienthong.registry.v1.ProcedureDraftDiscarded') {
    const { code, procedureId } = event.payload;
    return { historyId, code, lastEvent, procedureId, procedure: undefined };
  }
  const { procedure } = event.payload;
  if (procedure === undefined) throw new Error(`${event.type} of ${historyId} carries no procedure`);
  return { historyId, code: procedure.code, lastEvent, procedureId: procedure.id, procedure };
}
