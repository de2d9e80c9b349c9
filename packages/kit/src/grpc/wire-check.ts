/**
 * What holds for every message whatever its method: compiled once from the descriptors, done in one walk over the
 * decoded message. A wrong value is reported and blanked, so that a schema may look at the rest of the message.
 */
import {
  createFileRegistry,
  type DescField,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  ScalarType,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type FieldViolation, shorten } from '../errors.ts';
import { textFault } from '../text-fault.ts';

type Holder = Record<string | number, unknown>;
/** Where the walk is: proto names, indexes and map keys. */
type Path = (string | number)[];
type Value = (holder: Holder, key: string | number, path: Path, found: FieldViolation[]) => void;
type Field = (message: Holder, path: Path, found: FieldViolation[]) => void;

/** Reports what is wrong in a decoded message and blanks it there. */
export type WireCheck = (message: object) => readonly FieldViolation[];

const NOTHING: readonly FieldViolation[] = [];
const [EARLIEST, LATEST] = [Date.UTC(1900, 0, 1), Date.UTC(2201, 0, 1)];

export const registryOf = (descriptors: Uint8Array): FileRegistry =>
  createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));

/** Compiles checks; each message type is compiled once, however many methods carry it. */
export function wireChecks(): (type: DescMessage) => WireCheck {
  const compiled = new Map<string, Field[]>();
  return (type) => {
    const fields = fieldsOf(type, compiled);
    return (message) => {
      const found: FieldViolation[] = [];
      for (const check of fields) check(message as Holder, [], found);
      return found.length === 0 ? NOTHING : found;
    };
  };
}

function fieldsOf(type: DescMessage, compiled: Map<string, Field[]>): Field[] {
  const known = compiled.get(type.typeName);
  if (known) return known;
  const fields: Field[] = [];
  // Before its fields are compiled: messages may contain themselves.
  compiled.set(type.typeName, fields);
  for (const member of type.members) {
    if (member.kind === 'oneof') {
      const cases = new Map(member.fields.map((field) => [field.localName, fieldCheck(field, compiled)]));
      fields.push((message, path, found) => {
        const chosen = message[member.localName] as { $case: string; value: unknown } | undefined;
        // The chosen field's holder keeps it under "value".
        if (chosen) cases.get(chosen.$case)?.(chosen, path, found);
      });
    } else {
      const check = fieldCheck(member, compiled);
      if (check) fields.push(check);
    }
  }
  return fields;
}

function fieldCheck(field: DescField, compiled: Map<string, Field[]>): Field | undefined {
  const key = field.oneof ? 'value' : field.localName;
  const value = valueCheck(field, compiled);
  if (field.fieldKind === 'map') {
    return (message, path, found) => {
      const entries = message[key] as Holder;
      path.push(field.name);
      for (const entry of Object.keys(entries)) {
        const fault = textFault(entry);
        if (fault) {
          found.push({ field: protoField(path), description: `a key ${fault}`, reason: 'FIELD_INVALID' });
          delete entries[entry];
        } else if (value) within(entry, value, entries, path, found);
      }
      path.pop();
    };
  }
  if (value === undefined) return undefined;
  if (field.fieldKind === 'list') {
    return (message, path, found) => {
      const items = message[key] as unknown as Holder & { length: number };
      if (items.length === 0) return;
      path.push(field.name);
      for (let i = 0; i < items.length; i += 1) within(i, value, items, path, found);
      path.pop();
    };
  }
  return (message, path, found) => {
    if (message[key] === undefined) return;
    path.push(field.name);
    value(message, key, path, found);
    path.pop();
  };
}

function within(at: string | number, value: Value, holder: Holder, path: Path, found: FieldViolation[]) {
  path.push(at);
  value(holder, at, path, found);
  path.pop();
}

/** The check of one value of a field; undefined when any value will do. */
function valueCheck(field: DescField, compiled: Map<string, Field[]>): Value | undefined {
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind;
  const of = field.fieldKind === 'map' ? field.mapKind : kind;
  if (of === 'scalar') return field.scalar === ScalarType.STRING ? checkText : undefined;
  if (of === 'enum') return enumCheck(new Set(field.enum?.values.map(({ number }) => number)));
  if (field.message?.typeName === 'google.protobuf.Timestamp') return checkTimestamp;
  const fields = fieldsOf(field.message as DescMessage, compiled);
  return (holder, key, path, found) => {
    for (const check of fields) check(holder[key] as Holder, path, found);
  };
}

const checkText: Value = (holder, key, path, found) => {
  const description = textFault(holder[key] as string);
  if (description === undefined) return;
  found.push({ field: protoField(path), description, reason: 'FIELD_INVALID' });
  holder[key] = '';
};

const enumCheck =
  (known: ReadonlySet<number>): Value =>
  (holder, key, path, found) => {
    if (known.has(holder[key] as number)) return;
    const description = 'is not a value of this enum';
    found.push({ field: protoField(path), description, reason: 'ENUM_INVALID' });
    holder[key] = 0;
  };

const checkTimestamp: Value = (holder, key, path, found) => {
  const at = (holder[key] as Date).getTime();
  // Also false for an invalid date.
  if (at >= EARLIEST && at < LATEST) return;
  const description = 'must be an instant of the years 1900 to 2200';
  found.push({ field: protoField(path), description, reason: 'TIMESTAMP_INVALID' });
  holder[key] = undefined;
};

/** `recipients[3].code`; a map's key stands after a dot. */
const protoField = (path: Path): string =>
  path.reduce<string>(
    (at, step) => (typeof step === 'number' ? `${at}[${step}]` : at === '' ? step : `${at}.${shorten(step)}`),
    '',
  );
