/**
 * A procedure as the national portal publishes it, read into a definition. The names of the fields were seen in public
 * programs that read the portal's service LayThuTuc; its own description was not.
 */
import { Tier } from '@lienthong/contracts/directory';
import { type Definition, Effect, ServiceLevel, type UncertainReading } from '@lienthong/contracts/registry';
import { type FieldViolation, searchKey } from '@lienthong/kit/pure';
import { PROCEDURE_CODE } from '@lienthong/workflow';
import { normalise } from '../document/normalise.ts';
import { documentPlace } from '../document/places.ts';
import { type Fields, fieldsOf, firstOf, listOf, shortened, textOf, Uncertain } from './reading.ts';
import { lodgingFrom } from './ways.ts';

export const MAX_RECORD_BYTES = 1024 * 1024;

export type ReadRecord =
  | { ok: true; definition: Definition; uncertain: UncertainReading[] }
  | { ok: false; violations: FieldViolation[] };

/**
 * The definition of a record (JSON text), and what could not be read for certain. Refuses: RECORD_TOO_LARGE,
 * RECORD_MALFORMED, CODE_INVALID, FIELD_REQUIRED, and what makes the definition ill-formed.
 */
export function readRecord(json: string): ReadRecord {
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_RECORD_BYTES)
    return wrong('record', 'RECORD_TOO_LARGE', `has ${bytes} bytes; the limit is ${MAX_RECORD_BYTES}`);
  const record = recordIn(json);
  if (record === undefined)
    return wrong(
      'record',
      'RECORD_MALFORMED',
      'must be the JSON of one record, or of a reply with one record',
    );
  const code = textOf(record.MATTHC);
  const name = textOf(record.TENTTHC);
  const violations: FieldViolation[] = [];
  if (!PROCEDURE_CODE.test(code))
    violations.push(violation('record.MATTHC', 'CODE_INVALID', 'must be a procedure code like 1.001193'));
  if (name === '') violations.push(violation('record.TENTTHC', 'FIELD_REQUIRED', 'is required: the name'));
  if (violations.length > 0) return { ok: false, violations };
  const uncertain = new Uncertain();
  const normal = normalise(definitionFrom(record, code, name, uncertain));
  if (normal.ok) return { ok: true, definition: normal.definition, uncertain: uncertain.all };
  return {
    ok: false,
    violations: normal.faults.map(({ path, reason, message }) =>
      violation(`record: ${documentPlace(path)}`, reason, message),
    ),
  };
}

/** The record itself, or the only one of a reply's `result`. */
function recordIn(json: string): Fields | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const list = Array.isArray(parsed) ? parsed : (fieldsOf(parsed).result ?? [parsed]);
  const [record, ...others] = listOf(list);
  const fields = fieldsOf(record);
  return others.length > 0 || Object.keys(fields).length === 0 ? undefined : fields;
}

const READ: ReadonlySet<string> = new Set(
  [
    'MATTHC TENTTHC LOAITTHC LINHVUCTHUCHIEN CAPTHUCHIEN TRINHTUTHUCHIEN CACHTHUCTHUCHIEN THANHPHANHOSO',
    'DOITUONGTHUCHIEN MOTADOITUONGTHUCHIEN COQUANTHUCHIEN COQUANCOTHAMQUYEN COQUANDUOCUYQUYEN COQUANPHOIHOP',
    'DIACHITIEPNHAN KETQUATHUCHIEN CANCUPHAPLY YEUCAU TUKHOA',
  ]
    .join(' ')
    .split(' '),
);

function definitionFrom(record: Fields, code: string, name: string, uncertain: Uncertain): Definition {
  const short = (text: string, most: number, from: string, place: string) =>
    shortened(text, most, from, place, uncertain);
  const texts = (field: string, key: string, most: number, place: string) =>
    firstOf(namesIn(record[field], key), most, field, uncertain).map((text, i) =>
      short(text, 1000, `${field}[${i}].${key}`, `${place}[${i}]`),
    );
  for (const field of Object.keys(record))
    if (!READ.has(field))
      uncertain.add(field.slice(0, 100), '', 'FIELD_NOT_READ', 'is not taken over', textOf(record[field]));
  const lodging = lodgingFrom(record, uncertain);
  const results = texts('KETQUATHUCHIEN', 'TENKETQUA', 50, 'results').map((text, i) => ({
    key: `ket-qua-${i + 1}`,
    name: short(text, 500, `KETQUATHUCHIEN[${i}].TENKETQUA`, `results[${i}].name`),
    data: [],
  }));
  const timeLimit = limitIn(lodging, uncertain);
  agenciesInWords(record, uncertain);
  uncertain.add(
    '',
    'workflow',
    'WORKFLOW_NOT_PUBLISHED',
    'the record has no workflow; one step of the competent agency stands for it',
  );
  return {
    ...lodging,
    code,
    name: short(name, 500, 'TENTTHC', 'name'),
    tiers: tiersIn(record.CAPTHUCHIEN, uncertain),
    kind: short(textOf(record.LOAITTHC), 200, 'LOAITTHC', 'kind'),
    field: short(namesIn(record.LINHVUCTHUCHIEN, 'TENLINHVUC').join('; '), 200, 'LINHVUCTHUCHIEN', 'field'),
    sequence: sequenceIn(record.TRINHTUTHUCHIEN, uncertain),
    applicants: texts('DOITUONGTHUCHIEN', 'TENDOITUONG', 50, 'applicants'),
    executingAgency: undefined,
    decidingAgency: undefined,
    intakePlace: short(textOf(record.DIACHITIEPNHAN), 500, 'DIACHITIEPNHAN', 'intake_place'),
    authorisedAgency: undefined,
    coordinatingAgencies: [],
    results,
    legalBasis: firstOf(basesIn(record.CANCUPHAPLY), 100, 'CANCUPHAPLY', uncertain).map((text, i) =>
      short(text, 1000, `CANCUPHAPLY[${i}]`, `legal_basis[${i}]`),
    ),
    conditions: short(textOf(record.YEUCAU), 10_000, 'YEUCAU', 'conditions'),
    keywords: firstOf(
      textOf(record.TUKHOA)
        .split(/[,;\n]/)
        .map((word) => word.trim())
        .filter((word) => word !== ''),
      50,
      'TUKHOA',
      uncertain,
    ).map((word, i) => short(word, 100, 'TUKHOA', `keywords[${i}]`)),
    timeLimit,
    data: [],
    fees: [],
    serviceLevel: ServiceLevel.UNSPECIFIED,
    serviceLevelReason: '',
    servedElsewhere: '',
    sample: false,
    workflow: {
      root: {
        key: 'giai-quyet',
        block: {
          $case: 'step',
          value: {
            name: 'Giải quyết hồ sơ',
            performer: { performer: { $case: 'competent', value: {} } },
            timeLimit,
            outcomes: [
              { key: 'giai-quyet-xong', name: 'Đã giải quyết', effect: Effect.CONTINUE },
              { key: 'khong-du-dieu-kien', name: 'Không đủ điều kiện', effect: Effect.REFUSE },
            ],
            returns: [],
            produces: results.map(({ key }) => key),
          },
        },
      },
    },
  };
}

/** The texts of a key in a list of maps, or the text itself. */
function namesIn(value: unknown, key: string): string[] {
  const texts = Array.isArray(value) ? value.map((one) => textOf(fieldsOf(one)[key])) : [textOf(value)];
  return texts.filter((text) => text !== '');
}

/** The time limit of the first way that has one. */
function limitIn(
  { ways }: Pick<Definition, 'ways'>,
  uncertain: Uncertain,
): NonNullable<Definition['timeLimit']> {
  const limits = ways.flatMap(({ timeLimit }) => timeLimit ?? []);
  const [first] = limits;
  const different = new Set(limits.map((limit) => JSON.stringify(limit))).size;
  if (first === undefined)
    uncertain.add(
      'CACHTHUCTHUCHIEN',
      'time_limit',
      'TIME_LIMIT_MISSING',
      'no time limit could be read; "within the day" stands for it',
    );
  else if (different > 1)
    uncertain.add(
      'CACHTHUCTHUCHIEN',
      'time_limit',
      'TIME_LIMIT_UNCLEAR',
      `the ways have ${different} time limits; that of the first was taken`,
    );
  return first ?? { amount: { $case: 'days', value: 0 } };
}

const TIERS: readonly [words: string, tier: Tier][] = [
  ['xa', Tier.COMMUNE],
  ['huyen', Tier.DISTRICT],
  ['tinh', Tier.PROVINCE],
  ['bo', Tier.MINISTRY],
];

/** "Cấp Xã"; the portal's numbers of tiers are not known. */
function tiersIn(value: unknown, uncertain: Uncertain): Tier[] {
  const words = namesIn(value, 'CAPTHUCHIEN').concat(namesIn(value, 'TENCAPTHUCHIEN'));
  const keys = words.map((word) => searchKey(word).replace(/^cap /, ''));
  const tiers = TIERS.filter(([word]) => keys.includes(word)).map(([, tier]) => tier);
  if (tiers.length === 0 || keys.some((key) => !TIERS.some(([word]) => word === key)))
    uncertain.add(
      'CAPTHUCHIEN',
      'tiers',
      'TIER_UNKNOWN',
      'names the tiers otherwise than in words; check tiers',
      words.join('; '),
    );
  return tiers;
}

function sequenceIn(value: unknown, uncertain: Uncertain): string[] {
  const groups = listOf(value).map(fieldsOf);
  const steps = groups.flatMap(({ TRUONGHOP, TRINHTU }) => {
    const name = groups.length > 1 ? textOf(TRUONGHOP) : '';
    return [...(name === '' ? [] : [name]), ...namesIn(TRINHTU, 'TENTRINHTU')];
  });
  const all = Array.isArray(value) ? steps : namesIn(value, '');
  return firstOf(all, 100, 'TRINHTUTHUCHIEN', uncertain).map((text, i) =>
    shortened(text, 5000, `TRINHTUTHUCHIEN[${i}]`, `sequence[${i}]`, uncertain),
  );
}

/** "Luật Hộ tịch 60/2014/QH13". */
const basesIn = (value: unknown): string[] =>
  listOf(value)
    .map(fieldsOf)
    .map(({ SOVANBAN, TENVANBAN }) =>
      [TENVANBAN, SOVANBAN]
        .map(textOf)
        .filter((text) => text !== '')
        .join(' '),
    )
    .filter((text) => text !== '');

const AGENCIES = {
  COQUANTHUCHIEN: 'executing_agency',
  COQUANCOTHAMQUYEN: 'deciding_agency',
  COQUANDUOCUYQUYEN: 'authorised_agency',
  COQUANPHOIHOP: 'coordinating_agencies',
} as const;

/** Agencies are named in words; a definition names a relation. */
function agenciesInWords(record: Fields, uncertain: Uncertain): void {
  for (const [field, place] of Object.entries(AGENCIES)) {
    const names = namesIn(record[field], 'TENDONVI');
    if (names.length > 0)
      uncertain.add(
        field,
        place,
        'AGENCY_IN_WORDS',
        'is named in words; give the relation to the intake agency',
        names.join('; '),
      );
  }
  const words = textOf(record.MOTADOITUONGTHUCHIEN);
  if (words !== '')
    uncertain.add(
      'MOTADOITUONGTHUCHIEN',
      'applicants',
      'APPLICANTS_IN_WORDS',
      'describes who applies; see whether ways need applicants',
      words,
    );
}

const violation = (field: string, reason: string, description: string): FieldViolation => ({
  field,
  reason,
  description,
});
const wrong = (...of: Parameters<typeof violation>): ReadRecord => ({
  ok: false,
  violations: [violation(...of)],
});
