import { randomUUID } from 'node:crypto';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldRefused, openWorld, plan, send, type World } from './support/world.ts';

const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long' });
const department = agency({ code: 'H61.SKHDT', name: 'Sở Kế hoạch và Đầu tư' });
const commune = agency({ code: 'H61.29542', name: 'Xã Mới' });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, department, commune);
});
afterAll(() => world.stop());

describe('request_id', () => {
  test('100 duplicates at once are one document', async () => {
    const request = plan([department, commune], { notation: 'DUP' });
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => world.as(province).routing.issueDocument(request)),
    );
    expect(new Set(replies.map((one) => one.document?.id)).size).toBe(1);
    expect(new Set(replies.map((one) => JSON.stringify(one.deliveries))).size).toBe(1);
    const rows = await world.db.query({ text: `select number from document where notation = 'DUP'` });
    expect(rows).toEqual([{ number: '01' }]);
  });

  test('with another body is refused', async () => {
    const request = plan([department]);
    await world.as(province).routing.issueDocument(request);
    const again = world.as(province).routing.issueDocument({ ...request, subject: 'Khác' });
    expect(await refusalOf(again)).toEqual(fieldRefused('request_id', 'REQUEST_ID_REUSED'));
  });
});

test('drawn numbers have no gaps under concurrent callers and refusals', async () => {
  const unknown = plan([], {
    notation: 'GAP',
    recipients: [{ recipient: { $case: 'code', value: { code: 'H99' } } }],
  });
  const calls = Array.from({ length: 120 }, (_, i) =>
    i % 4 === 3
      ? refusalOf(world.as(province).routing.issueDocument({ ...unknown, requestId: randomUUID() })).then(
          () => [],
        )
      : send(world.as(province), plan([department], { notation: 'GAP' })).then((one) => [
          Number(one.document.number),
        ]),
  );
  const numbers = (await Promise.all(calls)).flat().sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 90 }, (_, i) => i + 1));
});
