import { expect, test } from 'vitest';
import { queueIdOf } from './smtp-result.ts';

test.each([
  ['250 2.0.0 Ok: queued as 4cXk2hT1zqz', '4cXk2hT1zqz'],
  ['250 OK id=1vgKxB-0000000A1bC-2def', '1vgKxB-0000000A1bC-2def'],
  ['250 Ok 0100019b7f3e2a1c-5d1f6b7a-000000', '0100019b7f3e2a1c-5d1f6b7a-000000'],
  [
    '250 2.0.0 OK  1768442400 d2e1a72fcca58-7a1b2c3d4e5si123456b3a.7 - gsmtp',
    'd2e1a72fcca58-7a1b2c3d4e5si123456b3a.7',
  ],
  [
    '250 2.6.0 <a1b2c3@SG2PR01.apcprd01.prod.example.com> [InternalId=8, Hostname=SG2.example.com] Queued mail',
    'a1b2c3',
  ],
  ['250 2.0.0 60F20xYz012345 Message accepted for delivery', '60F20xYz012345'],
  ['250 Message queued', undefined],
  ['250 queued', undefined],
  ['', undefined],
])('the queue id in %s', (response, id) => expect(queueIdOf(response)).toBe(id));
