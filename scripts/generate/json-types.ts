/** The types of the contracts' messages as proto3 JSON, and of the methods with one request and one reply. */
import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  fromBinary,
  ScalarType,
} from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const OWN = 'lienthong.';

/** @param descriptors the FileDescriptorSet of the contracts */
export function jsonTypes(descriptors: Uint8Array): string {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const files = [...registry.files].filter((file) => file.proto.package.startsWith(OWN));
  const spaces = Map.groupBy(files, (file) => spaceOf(file.proto.package));
  const parts = [...spaces].sort().map(([space, all]) => {
    const lines = all.flatMap((file) => [
      ...file.enums.map(enumType),
      ...file.messages.flatMap((message) => messageTypes(message)),
    ]);
    return `export declare namespace ${space} {\n${lines.join('\n')}\n}\n`;
  });
  const calls = files
    .flatMap((file) => file.services)
    .flatMap(({ typeName, methods }) =>
      methods
        .filter(({ methodKind }) => methodKind === 'unary')
        .map(
          ({ name, input, output }) =>
            `  '${typeName.slice(OWN.length)}/${name}': { request: ${nameOf(input)}; reply: ${nameOf(output)} };`,
        ),
    );
  return [
    '// Generated from proto/ by scripts/generate/json-types.ts: messages as replies have them.',
    ...parts,
    `/** Methods with one request and one reply, by their path without "/${OWN}". */`,
    'export interface Calls {',
    ...calls,
    '}',
    '',
  ].join('\n');
}

/** "lienthong.routing.v1" → "routing". */
const spaceOf = (name: string): string => name.split('.')[1] as string;

/** "routing.ListInboxRequest"; a nested message has its parent's name before its own. */
function nameOf({ typeName, file }: DescMessage | DescEnum): string {
  const local = typeName.slice(file.proto.package.length + 1).replaceAll('.', '_');
  return `${spaceOf(file.proto.package)}.${local}`;
}
const localName = (type: DescMessage | DescEnum): string => nameOf(type).split('.')[1] as string;

const enumType = (type: DescEnum): string =>
  `  type ${localName(type)} = ${type.values.map(({ name }) => `'${name}'`).join(' | ')};`;

function messageTypes(message: DescMessage): string[] {
  const fields = message.fields.map((field) => {
    const mark = isAlwaysThere(field) ? '' : '?';
    return `    ${field.jsonName}${mark}: ${fieldType(field)};`;
  });
  const own = [`  interface ${localName(message)} {`, ...fields, '  }'].join('\n');
  return [
    own,
    ...message.nestedEnums.map(enumType),
    ...message.nestedMessages.flatMap((nested) => messageTypes(nested)),
  ];
}

const isAlwaysThere = (field: DescField): boolean =>
  field.fieldKind === 'list' ||
  field.fieldKind === 'map' ||
  (field.fieldKind !== 'message' &&
    field.oneof === undefined &&
    field.presence === FeatureSet_FieldPresence.IMPLICIT);

function fieldType(field: DescField): string {
  switch (field.fieldKind) {
    case 'list': {
      const item = single(field);
      return item.includes(' ') ? `(${item})[]` : `${item}[]`;
    }
    case 'map':
      return `Record<string, ${single(field)}>`;
    default:
      return single(field);
  }
}

function single({ message, enum: enumeration, scalar }: DescField): string {
  if (message) return message.typeName.startsWith('google.protobuf.') ? wellKnown(message) : nameOf(message);
  if (enumeration) return nameOf(enumeration);
  switch (scalar) {
    case ScalarType.BOOL:
      return 'boolean';
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return 'number';
    // Texts, bytes in base64, and integers of 64 bits.
    default:
      return 'string';
  }
}

const wellKnown = ({ typeName }: DescMessage): string =>
  typeName === 'google.protobuf.Any' ? "{ '@type': string; [field: string]: unknown }" : 'string';
