import { randomUUID } from 'node:crypto';
import { ProcedureState } from '@lienthong/contracts/registry';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedRecord } from './support/published-record.ts';
import { openWorld } from './support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const importRecord = (record: object | string, requestId = randomUUID()) =>
  world.admin.procedures.importProcedure({
    requestId,
    record: typeof record === 'string' ? record : JSON.stringify(record),
  });
const events = async () => (await world.db.query({ text: 'select count(*) from event' }))[0];

test('a record becomes a draft, revises it, and says what is uncertain', async () => {
  const record = publishedRecord({ MATTHC: '1.900001' });
  const request = randomUUID();
  const first = await importRecord(record, request);
  expect(first.procedure).toMatchObject({ code: '1.900001', version: 1, state: ProcedureState.DRAFT });
  expect(first.uncertain.map(({ reason }) => reason)).toContain('WORKFLOW_NOT_PUBLISHED');
  expect(await importRecord(record, request)).toEqual(first);
  const second = await importRecord({ result: [{ ...record, TENTTHC: 'Tên mới' }] });
  expect(second.procedure).toMatchObject({ id: first.procedure?.id, definition: { name: 'Tên mới' } });
});

test('what is no record is refused with its field, and nothing changes', async () => {
  const before = await events();
  for (const [record, expected] of [
    ['{', 'record RECORD_MALFORMED'],
    ['[]', 'record RECORD_MALFORMED'],
    [publishedRecord({ MATTHC: 'A1' }), 'record.MATTHC CODE_INVALID'],
    [publishedRecord({ TENTTHC: '' }), 'record.TENTTHC FIELD_REQUIRED'],
    ['x'.repeat(1024 * 1024 + 1), 'record RECORD_TOO_LARGE'],
  ] as const) {
    const refused = await refusalOf(importRecord(record));
    expect(refused.code).toBe('INVALID_ARGUMENT');
    expect(refused.violations).toContain(expected);
  }
  expect(await events()).toEqual(before);
});
