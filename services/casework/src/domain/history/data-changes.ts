/** The values that officers changed: events carry no data of a dossier, so the old ones are kept beside its history. */
import type { CaseworkEventType, Decision } from '../decision/events.ts';
import type { DataChange, Dossier } from '../dossier/state.ts';

/** The events whose officer may have changed data with them. */
const CARRYING: readonly CaseworkEventType[] = [
  'lienthong.casework.v1.TaskClosed',
  'lienthong.casework.v1.SupplementReceived',
];

/** A decision with the values that it changed, under the version of the event that they belong to. */
export function withDataChanges(decision: Decision, before: Dossier | undefined): Decision {
  const { events, change } = decision;
  const { data } = change.dossier;
  if (before === undefined || data === before.data) return decision;
  const values = differences(before.data, data);
  if (values.length === 0) return decision;
  const event = events.find(({ type }) => CARRYING.includes(type));
  if (event === undefined) throw new Error(`data of dossier ${change.dossier.id} changed without an event`);
  return { ...decision, change: { ...change, dataChanges: { version: event.version, values } } };
}

/** By key; '' for no value. */
function differences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): DataChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .sort()
    .map((key) => ({ key, before: before[key] ?? '', after: after[key] ?? '' }))
    .filter((one) => one.before !== one.after);
}

/** ` Sửa Diện tích từ “80” thành “90”; thêm Số tờ “5”.`; '' without a change. */
export function changesSentence(changes: readonly (DataChange & { label: string })[]): string {
  if (changes.length === 0) return '';
  const parts = changes.map(({ label, before, after }) => {
    if (before === '') return `thêm ${label} “${after}”`;
    return after === '' ? `xóa ${label} “${before}”` : `sửa ${label} từ “${before}” thành “${after}”`;
  });
  const text = parts.join('; ');
  return ` ${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
