import type { operations } from '@lienthong/contracts/json';
import { expect, test } from 'vitest';
import { daysLeft, everyService } from '../app/src/screens/operation/every-service.ts';
import { withoutReader } from '../app/src/screens/operation/without-reader.ts';

const consumer = (service: string): operations.ConsumerStatus => ({
  service,
  name: 'officers',
  source: 'directory',
  cursor: '5',
  lag: '0',
  parked: '0',
  streamUnreachable: false,
});
const log = (source: string): operations.LogStatus => ({
  source,
  halted: '',
  leader: true,
  sequenced: '5',
  published: '5',
  streamUnreachable: false,
  unsequenced: '0',
});
const reply = (service: string, source: string): operations.GetStatusResponse => ({
  services: [{ service, version: '1.0.0', startedAt: '2026-01-15T01:00:00Z' }],
  logs: [log(source)],
  consumers: [consumer(service)],
});

test('what several processes say of their services is one status, each service once', () => {
  const status = everyService(
    ['feed', 'audit', 'casework', 'traces'],
    [reply('feed', 'feed'), reply('audit', 'audit'), reply('feed', 'feed')],
    ['traces'],
  );
  expect(status.services.map(({ service, state }) => [service, state])).toEqual([
    ['feed', 'running'],
    ['audit', 'running'],
    ['casework', 'away'],
    ['traces', 'waiting'],
  ]);
  expect(status.services[0]?.program?.version).toBe('1.0.0');
  expect(status.logs.map(({ source }) => source)).toEqual(['feed', 'audit']);
  expect(status.consumers.map(({ service }) => service)).toEqual(['feed', 'audit']);
});

test('a certificate has whole days left, less than none when it has expired', () => {
  const now = Date.parse('2026-01-15T01:00:00Z');
  const days = ['2026-01-29T00:00:00Z', '2026-01-15T02:00:00Z', '2026-01-14T00:00:00Z', undefined];
  expect(days.map((at) => daysLeft(at, now))).toEqual([13, 0, -2, undefined]);
});

test('events without a reader are known once every service has replied', () => {
  const replies = [reply('feed', 'feed'), reply('audit', 'directory')];
  expect(withoutReader(everyService(['feed', 'audit'], replies, []))).toEqual(['feed']);
  expect(withoutReader(everyService(['feed', 'audit', 'casework'], replies, []))).toEqual([]);
});
