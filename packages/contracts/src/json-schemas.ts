import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

type Json = Record<string, unknown>;

interface Declared {
  comment: string | undefined;
  /** Of fields and enum values, by place. */
  comments: readonly (string | undefined)[];
}
interface Message extends Declared {
  message: DescriptorProto;
}
interface Enumeration extends Declared {
  enumeration: EnumDescriptorProto;
}

/** Messages and enums as JSON Schemas of their proto3 JSON form, with the contracts' comments. */
export interface Schemas {
  /** The schema of a message or enum by its full name. */
  schemaOf(name: string): Json;
  /** The names it refers to, directly or not, itself included; sorted. */
  reachable(names: readonly string[]): readonly string[];
  /** Of a message, an enum, a service or (`Service.Method`) a method. */
  commentOf(name: string): string | undefined;
}

// Field numbers of the descriptor's own messages: paths into a file consist of them.
export const IN_FILE = { message: 4, enumeration: 5, service: 6 };
export const IN_MESSAGE = { field: 2, message: 3, enumeration: 4 };
export const VALUE = 2;
export const METHOD = 2;

/** The comments of a file by the path of what they stand above (SourceCodeInfo.Location.path). */
export function commentsIn({ sourceCodeInfo }: FileDescriptorProto) {
  const comments = new Map(
    sourceCodeInfo?.location.map((one) => [one.path.join('.'), tidy(one.leadingComments)]),
  );
  return (path: readonly number[]): string | undefined => comments.get(path.join('.'));
}

export function schemasOf(descriptors: Uint8Array): Schemas {
  const known = new Map<string, Message | Enumeration>();
  const ofServices = new Map<string, string | undefined>();
  for (const file of fromBinary(FileDescriptorSetSchema, descriptors).file) {
    const at = commentsIn(file);
    const declareEnum = (name: string, enumeration: EnumDescriptorProto, path: readonly number[]) =>
      known.set(name, {
        enumeration,
        comment: at(path),
        comments: enumeration.value.map((_, i) => at([...path, VALUE, i])),
      });
    const declare = (name: string, message: DescriptorProto, path: readonly number[]) => {
      known.set(name, {
        message,
        comment: at(path),
        comments: message.field.map((_, i) => at([...path, IN_MESSAGE.field, i])),
      });
      for (const [i, one] of message.nestedType.entries())
        declare(`${name}.${one.name}`, one, [...path, IN_MESSAGE.message, i]);
      for (const [i, one] of message.enumType.entries())
        declareEnum(`${name}.${one.name}`, one, [...path, IN_MESSAGE.enumeration, i]);
    };
    for (const [i, one] of file.messageType.entries())
      declare(`${file.package}.${one.name}`, one, [IN_FILE.message, i]);
    for (const [i, one] of file.enumType.entries())
      declareEnum(`${file.package}.${one.name}`, one, [IN_FILE.enumeration, i]);
    for (const [i, one] of file.service.entries()) {
      const name = `${file.package}.${one.name}`;
      ofServices.set(name, at([IN_FILE.service, i]));
      for (const [j, method] of one.method.entries())
        ofServices.set(`${name}.${method.name}`, at([IN_FILE.service, i, METHOD, j]));
    }
  }

  const find = (name: string) => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`the contracts have no ${name}`);
    return found;
  };
  const entryOf = (field: FieldDescriptorProto): DescriptorProto | undefined => {
    if (field.type !== Type.MESSAGE) return undefined;
    const found = known.get(field.typeName.slice(1));
    return found && 'message' in found && found.message.options?.mapEntry ? found.message : undefined;
  };

  function fieldSchema(field: FieldDescriptorProto, comment?: string): Json {
    const entry = entryOf(field);
    if (entry) {
      const value = entry.field[1] as FieldDescriptorProto;
      return { ...described(comment), type: 'object', additionalProperties: scalar(value) };
    }
    if (field.label === Label.REPEATED) return { ...described(comment), type: 'array', items: scalar(field) };
    return { ...described(comment), ...scalar(field) };
  }

  return {
    commentOf: (name) => (ofServices.has(name) ? ofServices.get(name) : find(name).comment),
    schemaOf(name) {
      const found = find(name);
      if ('enumeration' in found)
        return {
          ...described(
            [found.comment, ...found.comments.map((comment, i) => valueLine(found.enumeration, i, comment))]
              .filter(Boolean)
              .join('\n'),
          ),
          type: 'string',
          enum: found.enumeration.value.map((value) => value.name),
        };
      return {
        ...described(found.comment),
        type: 'object',
        properties: Object.fromEntries(
          found.message.field.map((field, i) => [field.jsonName, fieldSchema(field, found.comments[i])]),
        ),
      };
    },
    reachable(names) {
      const seen = new Set(names);
      for (const name of seen) {
        const found = find(name);
        if (!('message' in found)) continue;
        for (const field of found.message.field)
          for (const one of entryOf(field)?.field ?? [field])
            if (one.typeName !== '' && !(one.typeName in WELL_KNOWN)) seen.add(one.typeName.slice(1));
      }
      return [...seen].sort();
    },
  };
}

const tidy = (comment: string | undefined): string | undefined =>
  comment?.trim().replaceAll(/\s*\n\s*/g, ' ') || undefined;
const described = (description: string | undefined): Json => (description ? { description } : {});
const valueLine = (one: EnumDescriptorProto, i: number, comment: string | undefined) =>
  comment && `${one.value[i]?.name}: ${comment}`;

/** As proto3 JSON writes them. */
const WELL_KNOWN: Readonly<Record<string, Json>> = {
  '.google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  '.google.protobuf.Duration': { type: 'string', pattern: '^-?\\d+(\\.\\d+)?s$' },
  '.google.protobuf.Any': {
    type: 'object',
    description: 'The fields of the message whose name stands at the end of "@type".',
    required: ['@type'],
    properties: { '@type': { type: 'string' } },
  },
};

function scalar({ type, typeName }: FieldDescriptorProto): Json {
  switch (type) {
    case Type.MESSAGE:
    case Type.ENUM:
      return WELL_KNOWN[typeName] ?? { $ref: `#/components/schemas/${typeName.slice(1)}` };
    case Type.STRING:
      return { type: 'string' };
    case Type.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case Type.BOOL:
      return { type: 'boolean' };
    case Type.DOUBLE:
    case Type.FLOAT:
      return { type: 'number' };
    // 64 bits are more than a JSON number holds.
    case Type.INT64:
    case Type.UINT64:
    case Type.SINT64:
    case Type.FIXED64:
    case Type.SFIXED64:
      return { type: 'string', pattern: '^-?\\d+$' };
    default:
      return { type: 'integer' };
  }
}
