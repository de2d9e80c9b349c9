/** Random requests as bytes: plausible ones, with single values that no honest client sends, and broken bytes. */
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Random } from './random.ts';

export interface Known {
  /** Ids, codes and page tokens from replies of the platform. */
  uuids: string[];
  codes: string[];
  tokens: string[];
}

/** Share of extreme values in a message that has them. */
const EXTREME = 0.15;
/** Nested lists multiply: a message grows no further than this, which is more than a server reads. */
const MAX_BYTES = 5 * 1024 * 1024;
/** What a field takes besides its text, at least. */
const FIELD_BYTES = 2;
const DEEPEST = 5;

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const EXTREME_TEXTS: readonly ((random: Random) => Uint8Array)[] = [
  () => utf8(''),
  () => utf8('\u0000'),
  () => utf8('a\u0000b'),
  () => Uint8Array.of(0x61, 0xed, 0xa0, 0x80),
  () => Uint8Array.of(0xff, 0xfe, 0x80),
  () => utf8(`a${'\u0301'.repeat(31)}`),
  () => utf8('\u0301'.repeat(30_000)),
  () => utf8('x'.repeat(70_000)),
  (random) => utf8('ế'.repeat(random.pick([51, 201, 501, 2_001, 20_000]))),
  () => utf8('👩‍👩‍👧'.repeat(30)),
  () => utf8('\u200b\u202e\ufeff\ufffd'),
  () => utf8("'; drop table x; -- {0} {'quoted'} %s \\ \""),
  () => utf8('__proto__'),
  () => utf8('constructor'),
  () => utf8('00000000-0000-0000-0000-000000000000'),
  () => utf8('9999-12-31'),
  () => utf8('0000-00-00'),
  () => utf8('+010000-01-01'),
  () => utf8('2017-02-30'),
  () => utf8('-1'),
  () => utf8('1e400'),
  () => utf8('&a [*a, *a]: !!js/function'),
  () => utf8('http://[::1]:99999/'),
];
const TEXTS = [
  'Sở Nội vụ',
  'hoa',
  'a',
  '1',
  'Phường Hải Châu',
  'clerk',
  '0901234567',
  'a@example.vn',
  'NORMAL',
];
const DATES = ['2017-03-06', '2025-03-01', '2025-07-01', '1900-01-01', '2200-12-31', ''];
const INT32 = [0, 1, 2, 7, 50, 200, 2025, -1, 201, 2 ** 31 - 1, -(2 ** 31)];
const INT64 = [0n, 1n, 3_600n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const SECONDS = [
  1_740_000_000n,
  1_488_758_400n,
  0n,
  -2_208_988_801n,
  7_289_654_400n,
  2n ** 62n,
  -(2n ** 62n),
];

export function randomMessage(random: Random, type: DescMessage, known: Known): Uint8Array {
  const extreme = random.chance(0.6);
  const bytes = messageOf({ random, known, extreme, bytesLeft: MAX_BYTES }, type, 0);
  return random.chance(0.1) ? mutated(random, bytes) : bytes;
}

interface Maker {
  random: Random;
  known: Known;
  /** False: every value is one that an honest client could send. */
  extreme: boolean;
  /** How many more bytes of fields the message may get. */
  bytesLeft: number;
}

function messageOf(maker: Maker, type: DescMessage, depth: number): Uint8Array {
  const { random } = maker;
  const writer = new BinaryWriter();
  for (const member of type.members) {
    if (member.kind === 'oneof') {
      if (random.chance(0.9)) writeField(maker, writer, random.pick(member.fields), depth);
      // With two fields of a oneof the last one counts.
      if (maker.extreme && random.chance(0.05)) writeField(maker, writer, random.pick(member.fields), depth);
    } else if (random.chance(0.75)) writeField(maker, writer, member, depth);
  }
  return writer.finish();
}

function writeField(maker: Maker, writer: BinaryWriter, field: DescField, depth: number): void {
  const { random } = maker;
  const times = field.fieldKind === 'list' || field.fieldKind === 'map' ? countOf(maker) : 1;
  for (let i = 0; i < times && maker.bytesLeft > 0; i += 1) {
    maker.bytesLeft -= FIELD_BYTES;
    if (field.fieldKind === 'map') {
      const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(textOf(maker, 'key'));
      entry.tag(2, WireType.LengthDelimited).bytes(textOf(maker, 'value'));
      writer.tag(field.number, WireType.LengthDelimited).bytes(entry.finish());
    } else if (field.message) {
      if (depth >= DEEPEST) return;
      const value =
        field.message.typeName === 'google.protobuf.Timestamp'
          ? timestampOf(maker)
          : messageOf(maker, field.message, depth + 1);
      writer.tag(field.number, WireType.LengthDelimited).bytes(value);
    } else if (field.enum) {
      const values = field.enum.values.map(({ number }) => number);
      const wild = maker.extreme && random.chance(EXTREME);
      writer
        .tag(field.number, WireType.Varint)
        .int32(wild ? random.pick([99, -1, 2 ** 31 - 1]) : random.pick(values));
    } else writeScalar(maker, writer, field);
  }
}

const countOf = ({ random, extreme }: Maker): number =>
  extreme && random.chance(0.03) ? random.pick([101, 501, 5_001]) : random.below(3);

function writeScalar(maker: Maker, writer: BinaryWriter, field: DescField): void {
  const { random } = maker;
  switch (field.scalar) {
    case ScalarType.STRING:
      writer.tag(field.number, WireType.LengthDelimited).bytes(textOf(maker, field.name));
      return;
    case ScalarType.BYTES:
      writer
        .tag(field.number, WireType.LengthDelimited)
        .bytes(Buffer.alloc(random.below(300), random.below(256)));
      return;
    case ScalarType.BOOL:
      writer.tag(field.number, WireType.Varint).bool(random.chance(0.5));
      return;
    case ScalarType.DOUBLE:
      writer.tag(field.number, WireType.Bit64).double(random.pick([0, 1.5, Number.NaN, Infinity, -1e308]));
      return;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      writer.tag(field.number, WireType.Varint).int64(maker.extreme ? random.pick(INT64) : 1n);
      return;
    default:
      writer.tag(field.number, WireType.Varint).int32(maker.extreme ? random.pick(INT32) : random.below(8));
  }
}

function timestampOf({ random, extreme }: Maker): Uint8Array {
  const seconds = extreme && random.chance(EXTREME) ? random.pick(SECONDS) : random.pick(SECONDS.slice(0, 2));
  const nanos = extreme && random.chance(EXTREME) ? random.pick([-1, 2 ** 31 - 1]) : 0;
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .int64(seconds)
    .tag(2, WireType.Varint)
    .int32(nanos)
    .finish();
}

function textOf(maker: Maker, name: string): Uint8Array {
  const { random, known } = maker;
  const extreme = maker.extreme && random.chance(EXTREME);
  const text = extreme ? random.pick(EXTREME_TEXTS)(random) : utf8(plausible(random, known, name));
  maker.bytesLeft -= text.length;
  return text;
}

/** A value that a field of this name usually has. */
function plausible(random: Random, known: Known, name: string): string {
  if (name === 'request_id') return uuid(random);
  if (name === 'page_token') return token(random, known);
  if (/(^|_)ids?$/.test(name)) return random.chance(0.8) ? random.pick(known.uuids) : uuid(random);
  if (/(^|_)(on|at|date|of|from|to|until)$/.test(name)) return random.pick(DATES);
  if (/sha256/.test(name)) return 'ab'.repeat(32);
  if (/(^|_)codes?$/.test(name)) return random.pick(known.codes);
  if (name === 'scheme') return random.pick(['', 'QD20', 'GSO']);
  if (name === 'url') return 'https://example.vn/hook';
  return random.pick(TEXTS);
}

function token(random: Random, { tokens }: Known): string {
  if (tokens.length === 0 || random.chance(0.3)) return '';
  const given = Buffer.from(random.pick(tokens), 'base64url');
  if (random.chance(0.7)) given[random.below(given.length)] = random.below(256);
  return given.toString('base64url');
}

const uuid = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4$5');
};

/** Removes, changes or inserts bytes, or nests many levels. */
function mutated(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  switch (random.below(4)) {
    case 0:
      return copy.subarray(0, random.below(copy.length + 1));
    case 1:
      for (let i = 0; i < 4 && copy.length > 0; i += 1) copy[random.below(copy.length)] = random.below(256);
      return copy;
    case 2:
      return Buffer.concat([copy, Buffer.from(Array.from({ length: 20 }, () => random.below(256)))]);
    default: {
      let nested: Uint8Array = new Uint8Array();
      const number = 1 + random.below(8);
      for (let level = 0; level < 150; level += 1)
        nested = new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(nested).finish();
      return nested;
    }
  }
}
