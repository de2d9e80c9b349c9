import { readFileSync } from 'node:fs';
import specs from '@asyncapi/specs';
import { TaskOpened, TaskState } from '@lienthong/contracts/casework';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import {
  type EventType,
  encodeEvent,
  eventContracts,
  eventToJson,
  subjectOf,
} from '@lienthong/contracts/events';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { asyncApi } from './document.ts';

const text = asyncApi(fileDescriptorSet(), eventContracts);
const document = parse(text);

test('docs/asyncapi.yaml agrees with the contracts; if not, run `node scripts/asyncapi.ts`', () => {
  const file = readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8');
  expect(file === text).toBe(true);
});

test('is a valid AsyncAPI 3 document', () => {
  // The specification's schema brings draft 07 along, which ajv has too.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  const validate = ajv.compile(specs.schemas['3.0.0'] as object);
  expect([validate(document), validate.errors]).toEqual([true, null]);
  const broken = { ...document, operations: { followFeed: { action: 'shout' } } };
  expect(validate(broken)).toBe(false);
});

test('every reference leads somewhere', () => {
  const refs = [...new Set(JSON.stringify(document).match(/#\/[A-Za-z0-9_./]+/g))];
  expect(refs.length).toBeGreaterThan(100);
  const at = (ref: string) =>
    ref
      .slice(2)
      .split('/')
      .reduce<Record<string, unknown> | undefined>((found, key) => found?.[key] as never, document);
  expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
});

test('every event has a channel with its NATS subject, and an operation that sends it', () => {
  const address = (name: EventType) => document.channels[`nats.${name}`]?.address;
  for (const name of Object.keys(eventContracts) as EventType[]) {
    expect(address(name).replace('{agencyCode}', 'H61.29542')).toBe(subjectOf('lt', name, 'H61.29542'));
    expect(document.operations[`nats.${name}`].channel.$ref).toBe(`#/channels/nats.${name}`);
  }
  const onNats = Object.keys(document.channels).filter((key) => key.startsWith('nats.'));
  expect(onNats.length).toBe(Object.keys(eventContracts).length);
});

test('a payload as a webhook writes it fits its schema', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const type = 'lienthong.casework.v1.TaskOpened';
  const validate = ajv.compile({
    $ref: `#/components/schemas/${type}`,
    components: document.components,
  });
  const opened = TaskOpened.fromPartial({
    dossier: { id: 'd', code: 'H61.1-250701-0001', dueAt: new Date(0) },
    task: { number: 1, state: TaskState.OPEN, name: 'Thẩm định hồ sơ' },
  });
  const json = eventToJson(type, encodeEvent(type, opened));
  expect([validate(json), validate.errors]).toEqual([true, null]);
  expect(validate({ task: { number: 'một' } })).toBe(false);
});
