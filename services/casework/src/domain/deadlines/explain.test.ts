import { days, hours, vietnamCalendar } from '@lienthong/working-time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClockRecord } from '../dossier/state.ts';
import { createAgreedClock, createClock, readClock, recordEvent, setAgreedEnd } from './clock.ts';
import { explain } from './explain.ts';

const at = (text: string) => Date.parse(`${text}+07:00`);
const explanationOf = (clock: ClockRecord) => {
  const result = explain(vietnamCalendar, clock);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};
const clock = createClock(at('2026-01-15T08:00'), days(3), true);
const linesOf = (of: ClockRecord) =>
  explanationOf(of)
    .lines.filter(({ kind }) => kind !== 'counted' && kind !== 'skipped')
    .map(({ kind, vi }) => `${kind}: ${vi}`);

test('without an agreement the explanation is that of working time', () => {
  expect(explanationOf(clock).dueAt).toBe(at('2026-01-20T17:00'));
  expect(linesOf(clock)).toEqual([
    'received: Tiếp nhận lúc 08:00 Thứ Năm 15/01/2026: tính từ lúc này',
    'deadline: Hạn: 17:00 Thứ Ba 20/01/2026',
  ]);
});

describe('an agreed end', () => {
  const extended = setAgreedEnd(clock, at('2026-01-16T09:00'), at('2026-01-30T17:00'));

  test('is listed with the computed one that it replaces', () => {
    expect(linesOf(extended)).toEqual([
      'received: Tiếp nhận lúc 08:00 Thứ Năm 15/01/2026: tính từ lúc này',
      'deadline: Hạn: 17:00 Thứ Ba 20/01/2026',
      'extended: Hẹn lại lúc 09:00 Thứ Sáu 16/01/2026: hạn mới 17:00 Thứ Sáu 30/01/2026',
      'deadline: Hạn: 17:00 Thứ Sáu 30/01/2026',
    ]);
  });

  test('is moved by the pauses after it', () => {
    const paused = recordEvent(extended, 'pause', at('2026-01-19T09:00'));
    expect(explanationOf(paused).dueAt).toBeNull();
    expect(linesOf(paused).at(-1)).toBe('paused: Tạm dừng lúc 09:00 Thứ Hai 19/01/2026');
    const resumed = recordEvent(paused, 'resume', at('2026-01-21T09:00'));
    expect(linesOf(resumed).slice(-2)).toEqual([
      'resumed: Tiếp tục lúc 09:00 Thứ Tư 21/01/2026: thời gian tạm dừng không tính, hạn 17:00 Thứ Ba 03/02/2026',
      'deadline: Hạn: 17:00 Thứ Ba 03/02/2026',
    ]);
  });

  test('in a year without a decision is provisional', () => {
    const late = setAgreedEnd(clock, at('2026-01-16T09:00'), at('2027-01-14T17:00'));
    expect(explanationOf(late)).toMatchObject({ dueAt: at('2027-01-14T17:00'), provisional: true });
    expect(linesOf(late).slice(-2)).toEqual([
      'uncertain: Chưa có quyết định về lịch nghỉ lễ, tết của năm có hạn: hạn là tạm tính, sẽ tính lại khi có quyết định',
      'deadline: Hạn: 17:00 Thứ Năm 14/01/2027',
    ]);
    expect(explanationOf(extended).provisional).toBe(false);
  });

  test('is ended by a restart, and stays on record', () => {
    const paused = recordEvent(extended, 'pause', at('2026-01-19T09:00'));
    const again = recordEvent(paused, 'restart', at('2026-01-21T09:00'));
    expect(linesOf(again)).toEqual([
      'received: Tiếp nhận lúc 08:00 Thứ Năm 15/01/2026: tính từ lúc này',
      expect.stringMatching(/^paused: /),
      'extended: Hẹn lại lúc 09:00 Thứ Sáu 16/01/2026: hạn mới 17:00 Thứ Sáu 30/01/2026',
      expect.stringMatching(/^restarted: Bổ sung đủ lúc 09:00 Thứ Tư 21\/01\/2026/),
      'deadline: Hạn: 17:00 Thứ Hai 26/01/2026',
    ]);
  });

  test('that exists from the start has no computed one before it', () => {
    expect(explanationOf(createAgreedClock(at('2026-01-15T08:00'), at('2026-01-16T11:00'))).lines).toEqual([
      {
        kind: 'agreed',
        vi: 'Ấn định lúc 08:00 Thứ Năm 15/01/2026: hạn 11:00 Thứ Sáu 16/01/2026',
        en: 'Set at 08:00 Thursday 15 January 2026: deadline 11:00 Friday 16 January 2026',
      },
      {
        kind: 'deadline',
        vi: 'Hạn: 11:00 Thứ Sáu 16/01/2026',
        en: 'Deadline: 11:00 Friday 16 January 2026',
      },
    ]);
  });
});

test('after any events the explanation ends at the deadline in force', () => {
  const steps = fc.array(
    fc.record({ hours: fc.integer({ min: 0, max: 60 }), extend: fc.boolean(), restart: fc.boolean() }),
    {
      maxLength: 8,
    },
  );
  const duration = fc.oneof(
    fc.integer({ min: 0, max: 30 }).map(days),
    fc.integer({ min: 1, max: 40 }).map(hours),
  );
  fc.assert(
    fc.property(steps, duration, (moves, length) => {
      let now = at('2026-01-12T08:00');
      let record = createClock(now, length, true);
      for (const move of moves) {
        now += move.hours * 3_600_000;
        const last = record.events.at(-1)?.type;
        if (last === 'pause') record = recordEvent(record, move.restart ? 'restart' : 'resume', now);
        else if (move.extend && record.agreed === null)
          record = setAgreedEnd(record, now, now + 10 * 86_400_000);
        else record = recordEvent(record, 'pause', now);
      }
      const { dueAt, provisional, lines } = explanationOf(record);
      const reading = readClock(vietnamCalendar, record);
      expect(dueAt).toBe(reading?.dueAt ?? null);
      expect(provisional).toBe(reading?.provisional ?? false);
      expect(lines.at(-1)?.kind === 'deadline').toBe(dueAt !== null);
    }),
  );
});
