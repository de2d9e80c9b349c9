import { describe, expect, test } from 'vitest';
import { type Decider, deciderSpec, manualClock } from '../src/index.ts';

type Event = { type: 'opened' } | { type: 'closed'; by: string };
type Command = { type: 'close'; by: string };

const door: Decider<'open' | 'shut', Command, Event, 'ALREADY_CLOSED', { by: string }> = {
  initial: 'shut',
  evolve: (_, event) => (event.type === 'opened' ? 'open' : 'shut'),
  decide: ({ by }, state) =>
    state === 'open'
      ? { ok: true, events: [{ type: 'closed', by }], reply: { by } }
      : { ok: false, refusal: 'ALREADY_CLOSED' },
};

describe('deciderSpec', () => {
  const { given } = deciderSpec(door);
  const close: Command = { type: 'close', by: 'Lan' };

  test('passes what the decider does', () => {
    given([{ type: 'opened' }])
      .when(close)
      .then([{ type: 'closed', by: 'Lan' }]);
    given([{ type: 'opened' }])
      .when(close)
      .then([{ type: 'closed', by: 'Lan' }], { by: 'Lan' });
    given([]).when(close).thenRefused('ALREADY_CLOSED');
  });

  test('fails on other events, another reply, or the other outcome', () => {
    const accepted = given([{ type: 'opened' }]).when(close);
    const refused = given([{ type: 'opened' }, { type: 'closed', by: 'Mai' }]).when(close);
    expect(() => accepted.then([])).toThrow();
    expect(() => accepted.then([{ type: 'closed', by: 'Mai' }])).toThrow();
    expect(() => accepted.then([{ type: 'closed', by: 'Lan' }], { by: 'Mai' })).toThrow();
    expect(() => accepted.thenRefused('ALREADY_CLOSED')).toThrow();
    expect(() => refused.then([{ type: 'closed', by: 'Lan' }])).toThrow();
  });
});

test('manualClock moves only when told', () => {
  const clock = manualClock('2017-03-06T01:00:00Z');
  clock.now().setFullYear(1999);
  expect(clock.now().toISOString()).toBe('2017-03-06T01:00:00.000Z');
  clock.advance(1500);
  expect(clock.now().toISOString()).toBe('2017-03-06T01:00:01.500Z');
  clock.set('2025-07-01T00:00:00+07:00');
  expect(clock.now().toISOString()).toBe('2025-06-30T17:00:00.000Z');
  expect(() => clock.set('tomorrow')).toThrow(RangeError);
});
