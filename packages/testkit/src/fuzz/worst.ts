/** The requests that are the most work for a method before it can refuse them: each fills it with one field. */
import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { isText } from './one-field.ts';

export interface WorstRequest {
  /** The field, and what it is filled with. */
  name: string;
  bytes(): Uint8Array;
}

const fill = (unit: string, bytes: number): Uint8Array =>
  Buffer.from(unit.repeat(Math.floor(bytes / Buffer.byteLength(unit))));

/** The longest runs of marks that a text may have, which normalising must sort, and what a text may not have at all. */
const UNITS: Readonly<Record<string, string>> = {
  marks: `a${'\u0301\u0323'.repeat(15)}`,
  'too many marks': '\u0301\u0323',
  'composed letters': 'ế',
  spaces: ' ',
  zeros: '\u0000',
};
/** Messages may contain themselves. */
const DEEPEST = 4;
/** What tags and lengths of the fields around may take. */
const ROOM = 64;

/** @param maxBytes the largest request of the method */
export const worstRequests = (method: DescMethod, maxBytes: number): Generator<WorstRequest> =>
  fieldsOf(method.input, maxBytes - ROOM, 0);

/** Messages of a type that are filled with one of its fields, at any depth. */
function* fieldsOf(type: DescMessage, maxBytes: number, depth: number): Generator<WorstRequest> {
  for (const field of type.fields) {
    const tagged = (bytes: Uint8Array) =>
      new BinaryWriter().tag(field.number, WireType.LengthDelimited).bytes(bytes).finish();
    const many = (bytes: Uint8Array) => {
      const one = tagged(bytes);
      const times = Math.floor(maxBytes / one.length);
      const all = Buffer.alloc(times * one.length);
      for (let i = 0; i < times; i += 1) all.set(one, i * one.length);
      return all;
    };
    const isList = field.fieldKind === 'list';
    if (isText(field)) {
      for (const [unit, text] of Object.entries(UNITS)) {
        yield { name: `${field.name}: ${unit}`, bytes: () => tagged(fill(text, maxBytes)) };
        if (isList) yield { name: `${field.name}[]: ${unit}`, bytes: () => many(Buffer.from(text)) };
      }
      if (isList) yield { name: `${field.name}[]: empty`, bytes: () => many(new Uint8Array()) };
    } else if (field.fieldKind === 'map') {
      yield { name: `${field.name}{}`, bytes: () => entries(field, maxBytes) };
    } else if (field.message) {
      if (isList) yield { name: `${field.name}[]: empty`, bytes: () => many(new Uint8Array()) };
      if (depth === DEEPEST || field.message.typeName.startsWith('google.')) continue;
      for (const { name, bytes } of fieldsOf(field.message, maxBytes, depth + 1))
        yield { name: `${field.name}.${name}`, bytes: () => tagged(bytes()) };
      // Many messages of each field once: what is checked per item.
      if (isList)
        for (const { name, bytes } of fieldsOf(field.message, 8, depth + 1))
          yield { name: `${field.name}[].${name}`, bytes: () => many(bytes()) };
    } else if (isList) {
      yield { name: `${field.name}[]: numbers`, bytes: () => tagged(Buffer.alloc(maxBytes, 0x63)) };
    }
  }
}

/** Entries with keys of their own. */
function entries(field: DescField, maxBytes: number): Uint8Array {
  const writer = new BinaryWriter();
  for (let n = 0, left = maxBytes; left > 32; n += 1) {
    const key = Buffer.from(n.toString(36));
    const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(key).finish();
    writer.tag(field.number, WireType.LengthDelimited).bytes(entry);
    left -= entry.length + 3;
  }
  return writer.finish();
}
