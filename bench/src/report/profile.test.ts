import { expect, test } from 'vitest';
import { sharesOf } from './profile.ts';

const frame = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url } });

test('time counts for the part that spent it itself, and waiting does not count', () => {
  const nodes = [
    frame(1, '(idle)'),
    frame(2, '(garbage collector)'),
    frame(3, 'writev'),
    frame(4, 'query', 'file:///srv/node_modules/pg/lib/client.js'),
    frame(5, 'publish', 'file:///srv/node_modules/@nats-io/jetstream/lib/client.js'),
    frame(6, 'decide', 'file:///srv/services/casework/src/decide.ts'),
    frame(7, 'emit', 'node:events'),
    frame(8, 'open', 'file:///srv/packages/kit/src/open.ts'),
    frame(9, 'letter', 'file:///srv/bench/src/scenarios/documents.ts'),
    frame(10, 'nested', 'file:///srv/packages/kit/node_modules/zod/index.js'),
  ];
  const samples = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 4];
  const timeDeltas = [9_000, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 20_000];
  expect(sharesOf({ nodes, samples, timeDeltas })).toEqual([
    { part: 'pg', milliseconds: 23 },
    { part: 'zod', milliseconds: 9 },
    { part: 'bench', milliseconds: 8 },
    { part: 'packages/kit', milliseconds: 7 },
    { part: 'node', milliseconds: 6 },
    { part: 'services/casework', milliseconds: 5 },
    { part: '@nats-io/jetstream', milliseconds: 4 },
    { part: 'native code', milliseconds: 2 },
    { part: '(garbage collector)', milliseconds: 1 },
  ]);
});
