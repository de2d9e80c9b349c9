import {
  ancestor,
  handOver,
  holderOf,
  inDays,
  inMinutes,
  intake,
  named,
  sequence,
  step,
  Tier,
} from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { finishes, planned, simulated } from '../../../test/support/simulated.ts';
import { shown, vn } from '../../../test/support/territory.ts';

const land = holderOf('so');

const overTet = sequence(
  'tat-ca',
  step('tiep-nhan', { timeLimit: inMinutes(240) }),
  step('tham-dinh', { performer: land, timeLimit: inDays(2) }),
  handOver('tra-ve', intake, true),
  step('tra-ket-qua'),
);

describe('over Tết 2026, off from 16 to 20 February', () => {
  test('what comes to the department at 15:00 counts that day', () => {
    const result = simulated(overTet, { definition: { timeLimit: inDays(5) } });
    expect(planned(result)).toEqual([
      'tiep-nhan xa 2026-02-12 09:00 → 2026-02-12 15:00',
      // Friday 13 and Monday 23.
      'tham-dinh so 2026-02-12 15:00 → 2026-02-23 17:00',
      // Came at closing time, after the cutoff.
      'tra-ve xa 2026-02-24 07:00 → 2026-02-24 11:00',
      // Stays in the agency: the next morning's day is the first.
      'tra-ket-qua xa 2026-02-24 13:00 → 2026-02-25 17:00',
    ]);
    expect(finishes(result)).toEqual(['2026-02-25 17:00', '2026-02-25 17:00']);
    // 13, 23, 24, 25 and 26 February.
    expect(shown(result.legalDeadline)).toBe('2026-02-26 17:00');
    expect(result.agencyTimes).toEqual([
      { agencyId: 'xa', agencyName: 'Cơ quan xa', workingMinutes: 960n, steps: 3 },
      { agencyId: 'so', agencyName: 'Cơ quan so', workingMinutes: 960n, steps: 1 },
    ]);
    expect(result.loads).toEqual([]);
    expect(result.difference).toBeUndefined();
  });

  test('a second later it is a working day later, and the holiday is in between', () => {
    const result = simulated(overTet, { receivedAt: vn('2026-02-12 09:00:01') });
    expect(planned(result)).toEqual([
      'tiep-nhan xa 2026-02-12 09:00:01 → 2026-02-12 15:00:01',
      'tham-dinh so 2026-02-13 07:00 → 2026-02-24 17:00',
      'tra-ve xa 2026-02-25 07:00 → 2026-02-25 11:00',
      'tra-ket-qua xa 2026-02-25 13:00 → 2026-02-26 17:00',
    ]);
  });

  test('received after the cutoff of the last day, it starts after the holiday', () => {
    const result = simulated(overTet, { receivedAt: vn('2026-02-13 15:00:01') });
    expect(planned(result)[0]).toBe('tiep-nhan xa 2026-02-23 07:00 → 2026-02-23 11:00');
  });

  test('an agency with hours of its own is planned by them', () => {
    const result = simulated(
      sequence(
        'tat-ca',
        step('hoi', { performer: named('so-sang'), timeLimit: inMinutes(300) }),
        step('tra', { timeLimit: inMinutes(60) }),
      ),
      { receivedAt: vn('2026-02-12 14:00') },
    );
    expect(planned(result)).toEqual([
      // Four hours on Friday morning, one after the holiday.
      'hoi so-sang 2026-02-13 08:00 → 2026-02-23 09:00',
      'tra xa 2026-02-23 09:00 → 2026-02-23 10:00',
    ]);
  });

  test('days within one agency follow one another', () => {
    const days = sequence('tat-ca', step('mot'), step('hai'), step('ba', { timeLimit: inDays(0) }));
    expect(planned(simulated(days))).toEqual([
      'mot xa 2026-02-12 09:00 → 2026-02-13 17:00',
      'hai xa 2026-02-23 07:00 → 2026-02-23 17:00',
      'ba xa 2026-02-23 17:00 → 2026-02-23 17:00',
    ]);
  });
});

test('a hand-over goes through every tier between, each with its time and its cutoff', () => {
  const result = simulated(
    sequence(
      'tat-ca',
      handOver('len', ancestor(Tier.PROVINCE)),
      step('duyet', { performer: ancestor(Tier.PROVINCE) }),
      handOver('ve', intake, true),
    ),
  );
  expect(planned(result)).toEqual([
    'len huyen 2026-02-12 09:00 → 2026-02-12 15:00',
    'len tinh 2026-02-12 15:00 → 2026-02-13 09:00',
    'duyet tinh 2026-02-13 09:00 → 2026-02-23 17:00',
    've huyen 2026-02-24 07:00 → 2026-02-24 11:00',
    've xa 2026-02-24 13:00 → 2026-02-24 17:00',
  ]);
  expect(result.criticalPath).toHaveLength(5);
});
