import { expect, it } from 'vitest';
import { compareCopy, compareOrder, compareVersions, type EventRow } from './copies.ts';
import { openVerdict } from './verdict.ts';

/** Positions from 1 on, of `<aggregate><version>` each. */
const log = (...events: string[]): EventRow[] =>
  events.map((event, i) => ({
    position: String(i + 1),
    event_id: event,
    aggregate_id: event.slice(0, 1),
    version: event.slice(1),
    type: 'Grown',
  }));
const EVENTS = log('a1', 'b1', 'a2', 'a3');

function found(compare: (note: ReturnType<typeof openVerdict>['note']) => void): string[] {
  const { verdict, note } = openVerdict();
  compare(note);
  return verdict.differences;
}

it('finds nothing in a whole log and its copy', () => {
  expect(found((note) => compareOrder('casework', EVENTS, note))).toEqual([]);
  expect(found((note) => compareCopy('the audit', EVENTS, EVENTS, note))).toEqual([]);
  expect(found((note) => compareVersions('the audit', EVENTS, note))).toEqual([]);
});

it('finds a gap, and versions out of order, in a log', () => {
  const [first, , ...later] = EVENTS as [EventRow, ...EventRow[]];
  expect(found((note) => compareOrder('casework', [first, ...later], note))).toEqual([
    'disordered: position 2 of casework is 3',
    'disordered: position 3 of casework is 4',
  ]);
  expect(found((note) => compareOrder('casework', log('a2', 'a1'), note))).toEqual([
    'disordered: Grown a2 is version 2 after 0',
    'disordered: Grown a1 is version 1 after 2',
  ]);
});

it('finds what a copy lacks, has twice, has in another place, and has of nowhere', () => {
  const copy = (change: (rows: EventRow[]) => EventRow[]) =>
    found((note) => compareCopy('the audit', EVENTS, change([...EVENTS]), note));
  expect(copy((rows) => rows.slice(1))).toEqual(['lost: the audit lacks event a1 at 1']);
  expect(copy((rows) => [...rows, ...rows.slice(0, 1)])).toEqual(['doubled: the audit has 2 entries at 1']);
  expect(copy((rows) => [...rows, ...log('', '', '', '', 'c1').slice(4)])).toEqual([
    'doubled: the audit has c1 at 5, where there is no event',
  ]);
  expect(copy((rows) => [...rows.slice(0, 3), ...log('', '', '', 'c9').slice(3)])).toEqual([
    'disordered: the audit has c9 in place of event a3 at 4',
  ]);
});

it('lets a parked event come late, and not before an earlier one of its aggregate', () => {
  const [a1, b1, a2, a3] = EVENTS as [EventRow, EventRow, EventRow, EventRow];
  expect(found((note) => compareVersions('the audit', [b1, a1, a2, a3], note))).toEqual([]);
  expect(found((note) => compareVersions('the audit', [a1, a3, a2, b1], note))).toEqual([
    'disordered: the audit has a2, version 2, after version 3',
  ]);
});
