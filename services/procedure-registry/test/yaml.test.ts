import { randomUUID } from 'node:crypto';
import { ProcedureState } from '@lienthong/contracts/registry';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { sampleFiles, sampleProcedures } from '../src/samples.ts';
import { openWorld, platformCaller, publish, publishDraft, sound } from './support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const importYaml = (yaml: string, requestId = randomUUID()) =>
  world.admin.procedures.importProcedures({ requestId, yaml });
const counts = async () =>
  (await world.db.query({ text: 'select (select count(*) from event), (select count(*) from version)' }))[0];

test('what is exported is imported as it was: as a draft, or as the revision of one', async () => {
  const one = await publish(world.admin, sound({ keywords: ['a: b', '- c', 'đất'] }));
  const two = await publish(world.admin, sound());
  const { yaml } = await world.anybody.procedures.exportProcedures({ codes: [one.code, two.code] });
  const request = randomUUID();
  const { procedures } = await importYaml(yaml, request);
  expect(procedures).toMatchObject([
    { code: one.code, version: 2, state: ProcedureState.DRAFT },
    { code: two.code, version: 2, state: ProcedureState.DRAFT },
  ]);
  const drafts = await Promise.all(
    procedures.map(({ id }) => world.admin.procedures.getProcedure({ procedureId: id })),
  );
  expect(drafts.map(({ procedure }) => procedure?.definition)).toEqual([one.definition, two.definition]);
  expect(await importYaml(yaml, request)).toEqual({ procedures });

  await world.admin.procedures.validateProcedure({
    requestId: randomUUID(),
    procedureId: procedures[0]?.id,
  });
  const again = await importYaml(yaml.replaceAll('Cấp giấy phép', 'Cấp phép'));
  expect(again.procedures).toMatchObject(
    procedures.map(({ id }) => ({
      id,
      state: ProcedureState.DRAFT,
      name: expect.stringMatching(/^Cấp phép/),
    })),
  );
});

test('an export is what was in force at the date', async () => {
  const one = await publish(world.admin, sound({ name: 'Bản một' }));
  const { procedure } = await world.admin.procedures.draftProcedure({
    requestId: randomUUID(),
    definition: { ...sound({ name: 'Bản hai' }), code: one.code },
  });
  await publishDraft(world.admin, procedure?.id, '2026-03-01');
  const at = async (date: string) =>
    (await world.anybody.procedures.exportProcedures({ codes: [one.code], at: date })).yaml;
  expect(await at('2026-02-28')).toContain('Bản một');
  expect(await at('2026-03-01')).toContain('Bản hai');
  expect(await refusalOf(at('2026-01-14'))).toEqual({
    code: 'NOT_FOUND',
    reason: 'PROCEDURE_NOT_IN_FORCE',
    violations: ['codes[0] PROCEDURE_NOT_IN_FORCE'],
  });
});

test('an export that one import would not take back is not given out', async () => {
  const wordy = Array.from({ length: 44 }, () => 'chữ '.repeat(900));
  const codes: string[] = [];
  for (let i = 0; i < 5; i += 1) codes.push((await publish(world.admin, sound({ sequence: wordy }))).code);
  expect(await refusalOf(world.anybody.procedures.exportProcedures({ codes }))).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'EXPORT_TOO_LARGE',
  });
  const { yaml } = await world.anybody.procedures.exportProcedures({ codes: codes.slice(0, 3) });
  expect((await importYaml(yaml)).procedures).toHaveLength(3);
});

test('one fault in one document, and nothing of an import is kept', async () => {
  const files = [...sampleFiles().values()];
  const bad = files[3]?.replace(/^time_limit: \{days:/m, 'time_limit: {weeks:') ?? '';
  expect(bad).not.toBe(files[3]);
  const before = await counts();
  expect(await refusalOf(importYaml([files[0], bad, files[1]].join('---\n')))).toEqual({
    code: 'INVALID_ARGUMENT',
    reason: 'KEY_UNKNOWN',
    violations: ['yaml[1].time_limit.weeks KEY_UNKNOWN', 'yaml[1].time_limit ONE_OF_REQUIRED'],
  });
  expect(await refusalOf(importYaml([files[0], files[1], files[0]].join('---\n')))).toEqual({
    code: 'INVALID_ARGUMENT',
    reason: 'CODE_TWICE',
    violations: ['yaml[2].code CODE_TWICE'],
  });
  expect(await refusalOf(importYaml(`${'[\n'.repeat(100_000)}`))).toMatchObject({ reason: 'YAML_TOO_DEEP' });
  expect(await refusalOf(importYaml('x'.repeat(1024 * 1024 + 1)))).toMatchObject({
    reason: 'YAML_TOO_LARGE',
  });
  expect(await counts()).toEqual(before);
});

test('the schema that is published describes the samples', async () => {
  const { jsonSchema } = await world.anybody.procedures.getDefinitionSchema({});
  const schema = JSON.parse(jsonSchema);
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const valid = new Ajv2020({ allErrors: true }).compile(schema);
  for (const [file, yaml] of sampleFiles())
    for (const document of parseAllDocuments(yaml))
      expect([file, valid(document.toJS()), valid.errors]).toEqual([file, true, null]);
});

test('the patterns of the schema can be read by engines without Unicode properties', async () => {
  const { jsonSchema } = await world.anybody.procedures.getDefinitionSchema({});
  const patterns = [...jsonSchema.matchAll(/"pattern": (".*")/g)].map(([, json]) => JSON.parse(json ?? ''));
  expect(patterns.length).toBeGreaterThan(0);
  expect(patterns.filter((pattern) => /\\[pPu]/.test(pattern))).toEqual([]);
});

test.each([
  ['a control character', '\\u0007'],
  ['half a character', '\\ud83d'],
])('%s is no text', async (_, escaped) => {
  const [sample = ''] = sampleFiles().values();
  const yaml = sample.replace(/^name: .*$/m, `name: "Đăng ký${escaped}"`);
  expect(await refusalOf(importYaml(yaml))).toEqual({
    code: 'INVALID_ARGUMENT',
    reason: 'FORMAT_INVALID',
    violations: ['yaml[0].name FORMAT_INVALID'],
  });
});

test('the samples are imported, found sound and published, each after what it calls', async () => {
  const yaml = [...sampleFiles().values()].join('---\n');
  const { procedures } = await importYaml(yaml);
  expect(procedures.length).toBeGreaterThanOrEqual(10);
  expect(procedures.every((one) => one.sample)).toBe(true);
  const ids = new Map(procedures.map((one) => [one.code, one.id]));
  for (const { code } of sampleProcedures()) await publishDraft(world.admin, ids.get(code), '2026-01-15');
  const exported = await world.anybody.procedures.exportProcedures({ codes: [...ids.keys()] });
  const again = await importYaml(exported.yaml);
  for (const { id, code } of again.procedures) {
    const { procedure } = await world.admin.procedures.getProcedure({ procedureId: id });
    expect(procedure?.definition).toEqual(sampleProcedures().find((one) => one.code === code));
  }
});

const household = `code: "1.000900"
name: Trợ giúp xã hội
ways: [{ channel: online }]
service_level: partial
service_level_reason: Phải thẩm định tại nhà
results:
  - key: quyet-dinh
    name: Quyết định
    data:
      - { key: number, label: Số quyết định, type: text, required: true, in_events: true }
      - { key: monthly, label: Mức hưởng hằng tháng, type: money }
legal_basis: [Nghị định mẫu]
executing_agency: intake
deciding_agency: intake
tiers: [commune]
time_limit: { days: 5 }
data:
  - key: kind
    label: Đối tượng
    type: choice
    choices: [{ value: child, label: Trẻ em }, { value: elder, label: Người cao tuổi }]
  - key: household
    label: Thành viên hộ
    type: group
    min_rows: 1
    max_rows: 20
    fields:
      - { key: identity, label: Giấy tờ, type: identity, required: true }
      - { key: income, label: Thu nhập, type: money, maximum: "100000000" }
      - key: relief
        label: Mức trợ cấp
        type: choice
        depends_on: kind
        choices: [{ value: low, label: Mức 1 }, { value: high, label: Mức 2, only_for: [elder] }]
workflow:
  key: goc
  choice:
    cases:
      - condition: size(data.household) > 3
        block: {key: lon, step: {name: Thẩm định, performer: intake, time_limit: {days: 3}, outcomes: [{key: dat, name: Đạt}], produces: [quyet-dinh]}}
    otherwise: {key: nho, step: {name: Thẩm định, performer: intake, time_limit: {days: 1}, outcomes: [{key: dat, name: Đạt}], produces: [quyet-dinh]}}
`;

test('groups, rows, dependent choices and the service level: imported, published, exported, drawn', async () => {
  const { procedures } = await importYaml(household);
  const id = procedures[0]?.id;
  await publishDraft(world.admin, id, '2026-01-15');
  const { yaml } = await world.anybody.procedures.exportProcedures({ codes: ['1.000900'] });
  expect(parseAllDocuments(yaml)[0]?.toJS()).toMatchObject(parseAllDocuments(household)[0]?.toJS());
  const { mermaid } = await world.anybody.procedures.drawWorkflow({
    subject: { $case: 'procedureId', value: id ?? '' },
  });
  expect(mermaid).toContain('size#40;data.household#41; #62; 3');
  const { jsonSchema } = await world.anybody.procedures.getDefinitionSchema({});
  const schema = new Ajv2020().compile(JSON.parse(jsonSchema));
  expect(schema(parseAllDocuments(household)[0]?.toJS())).toBe(true);
});

test.each([
  [
    'label: Thu nhập, type: money',
    'label: Thu nhập, type: cash',
    'yaml[0].data[1].fields[1].type VALUE_UNKNOWN',
  ],
  ['max_rows: 20', 'max_rows: twenty', 'yaml[0].data[1].max_rows TYPE_INVALID'],
  ['depends_on: kind', 'depends_on: Loại', 'yaml[0].data[1].fields[2].depends_on FORMAT_INVALID'],
  [
    'label: Mức hưởng hằng tháng, type: money',
    'label: Mức, type: cash',
    'yaml[0].results[0].data[1].type VALUE_UNKNOWN',
  ],
  ['service_level: partial', 'service_level: half', 'yaml[0].service_level VALUE_UNKNOWN'],
])('%s written as %s is refused with its place', async (good, bad, violation) => {
  expect((await refusalOf(importYaml(household.replace(good, bad)))).violations).toEqual([violation]);
});

test.each([
  ['max_rows: 20', 'max_rows: 200', 'ROWS_INVALID data[1].max_rows'],
  ['depends_on: kind', 'depends_on: other', 'DEPENDS_ON_UNKNOWN data[1].fields[2].depends_on'],
  ['size(data.household)', 'size(data.family)', 'DATA_FIELD_UNKNOWN workflow.root.choice.cases[0].condition'],
])('%s written as %s is a problem with its place', async (good, bad, problem) => {
  const code = `1.0009${String(bad.length).padStart(2, '0')}`;
  const { procedures } = await importYaml(household.replace(good, bad).replace('1.000900', code));
  const { problems } = await world.admin.procedures.validateProcedure({
    requestId: randomUUID(),
    procedureId: procedures[0]?.id,
  });
  expect(problems.map(({ reason, place }) => `${reason} ${place}`)).toContain(problem);
});

test('a text that is being written is read, checked and placed by line, and nothing of it is kept', async () => {
  const { procedures } = world.as(platformCaller('officer'));
  const before = await counts();
  const good = household.replace('1.000900', '1.000990');
  const read = await procedures.checkDefinitionText({ yaml: good });
  expect(read.problems).toEqual([]);
  expect(read.definition).toMatchObject({ code: '1.000990', name: 'Trợ giúp xã hội' });
  const problemsOf = async (yaml: string) => {
    const { definition, problems } = await procedures.checkDefinitionText({ yaml });
    return [
      definition !== undefined,
      ...problems.map(({ reason, place, line }) => `${line} ${place} ${reason}`),
    ];
  };
  const lineOf = (text: string) => good.split('\n').findIndex((line) => line.includes(text)) + 1;
  expect(await problemsOf(good.replace('type: money', 'type: cash'))).toEqual([
    false,
    `${lineOf('type: money')} results[0].data[1].type VALUE_UNKNOWN`,
  ]);
  expect(await problemsOf(good.replace('size(data.household)', 'size(data.family)'))).toContain(
    `${lineOf('size(data.household)')} workflow.choice.cases[0].condition DATA_FIELD_UNKNOWN`,
  );
  expect(await problemsOf(good.replace('max_rows: 20', 'max_rows: 200'))).toEqual([
    true,
    `${lineOf('max_rows: 20')} data[1].max_rows ROWS_INVALID`,
  ]);
  expect(await problemsOf(`${good}  - [`)).toContain(`${good.split('\n').length}  YAML_MISSING_CHAR`);
  expect(await problemsOf(`${good}---\n${good}`)).toEqual([
    false,
    `${good.split('\n').length + 1}  TOO_MANY`,
  ]);
  expect(await problemsOf('')).toEqual([false, '1  YAML_EMPTY']);
  expect(await problemsOf('x'.repeat(512 * 1024 + 1))).toEqual([false, '1  YAML_TOO_LARGE']);
  expect(await counts()).toEqual(before);
});

test('one version is exported by its id, also one that has ended; a draft only to those who write them', async () => {
  const first = await publish(world.admin, sound({ name: 'Bản một' }));
  const { procedure } = await world.admin.procedures.draftProcedure({
    requestId: randomUUID(),
    definition: { ...sound({ name: 'Bản hai' }), code: first.code },
  });
  const of = async (id: string | undefined, client = world.anybody) =>
    (await client.procedures.exportProcedures({ procedureId: id })).yaml;
  expect(await of(first.id)).toContain('Bản một');
  expect(await of(procedure?.id, world.admin)).toContain('Bản hai');
  expect(await refusalOf(of(procedure?.id))).toMatchObject({
    code: 'NOT_FOUND',
    reason: 'PROCEDURE_UNKNOWN',
  });
  expect(
    await refusalOf(world.admin.procedures.exportProcedures({ procedureId: first.id, codes: [first.code] })),
  ).toMatchObject({ violations: ['procedure_id ONE_OF_REQUIRED'] });
});
