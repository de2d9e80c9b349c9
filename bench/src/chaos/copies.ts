import type { Note } from './verdict.ts';

/** An event, and where it stands. */
export interface Placed {
  position: string;
  event_id: string;
}

export interface EventRow extends Placed {
  aggregate_id: string;
  version: string;
  type: string;
}

/** A log has positions and versions 1, 2, 3 … in its order. */
export function compareOrder(source: string, events: readonly EventRow[], note: Note): void {
  events.forEach((event, i) => {
    if (Number(event.position) !== i + 1)
      note('disordered', `position ${i + 1} of ${source} is ${event.position}`);
  });
  const versions = new Map<string, number>();
  for (const { type, event_id, aggregate_id, version } of events) {
    const before = versions.get(aggregate_id) ?? 0;
    if (Number(version) !== before + 1)
      note('disordered', `${type} ${event_id} is version ${version} after ${before}`);
    versions.set(aggregate_id, Number(version));
  }
}

/** A copy has each event once, at its position. */
export function compareCopy(
  where: string,
  events: readonly Placed[],
  copy: readonly Placed[],
  note: Note,
): void {
  const copies = Map.groupBy(copy, ({ position }) => position);
  for (const { position, event_id } of events) {
    const [there, ...further] = copies.get(position) ?? [];
    copies.delete(position);
    if (there === undefined) note('lost', `${where} lacks event ${event_id} at ${position}`);
    else if (there.event_id !== event_id)
      note('disordered', `${where} has ${there.event_id} in place of event ${event_id} at ${position}`);
    if (further.length > 0) note('doubled', `${where} has ${further.length + 1} entries at ${position}`);
  }
  for (const [position, [phantom]] of copies)
    note('doubled', `${where} has ${phantom?.event_id} at ${position}, where there is no event`);
}

/** The events of an aggregate stand in the order of their versions. Others may have overtaken those that were parked. */
export function compareVersions(
  where: string,
  events: readonly Pick<EventRow, 'event_id' | 'aggregate_id' | 'version'>[],
  note: Note,
): void {
  const versions = new Map<string, bigint>();
  for (const { event_id, aggregate_id, version } of events) {
    const before = versions.get(aggregate_id);
    if (before !== undefined && BigInt(version) <= before)
      note('disordered', `${where} has ${event_id}, version ${version}, after version ${before}`);
    versions.set(aggregate_id, BigInt(version));
  }
}
