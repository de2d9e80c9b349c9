/** The reference of the API: a page of Markdown for each package of the contracts, from their comments. */
import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  type ServiceDescriptorProto,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import { commentsIn, IN_FILE, IN_MESSAGE, METHOD, VALUE } from '@lienthong/contracts/json-schemas';

type CommentAt = (path: readonly number[]) => string | undefined;

/** A file of the contracts, with what its sections need. */
interface Source {
  file: FileDescriptorProto;
  at: CommentAt;
  /** Messages that are the whole request or reply of a method: they stand there, and not among the types. */
  whole: ReadonlySet<string>;
}

/** A part of a page, with the name by which it is sorted. */
interface Section {
  name: string;
  text: string;
}

interface Pages {
  /** By the name of the file. */
  pages: Map<string, string>;
  /** Full names of methods without a comment. */
  uncommented: string[];
}

export function apiReference(descriptors: Uint8Array): Pages {
  const { file: files } = fromBinary(FileDescriptorSetSchema, descriptors);
  const own = files.filter((file) => file.package.startsWith('lienthong.'));
  const methods = own.flatMap(({ service }) => service.flatMap(({ method }) => method));
  const whole = new Set(methods.flatMap(({ inputType, outputType }) => [inputType, outputType]));
  const byArea = Map.groupBy(own, (file) => areaOf(file.package));
  const uncommented: string[] = [];
  const pages = new Map<string, string>();
  for (const [area, ofArea] of [...byArea].sort()) {
    const all = ofArea.map((file) => ({ file, at: commentsIn(file), whole }));
    const services = all.flatMap((source) => servicesOf(source, uncommented));
    const types = all.flatMap(typesOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    const text = [
      `# ${area}`,
      ABOUT,
      ...services.map((one) => one.text),
      '## Types',
      ...types.map((one) => one.text),
    ];
    pages.set(`${area}.md`, `${text.join('\n\n')}\n`);
  }
  pages.set('README.md', index(own));
  return { pages, uncommented };
}

const ABOUT =
  'Made by `node scripts/api.ts` from the comments of [`proto/`](../../proto). [Errors](../errors.md) explains what a refused call says, and the [reasons](../reasons.md) why.';

const areaOf = (name: string): string => name.split('.')[1] as string;

function index(files: readonly FileDescriptorProto[]): string {
  const rows = files.flatMap((file) => {
    const at = commentsIn(file);
    return file.service.map(({ name }, i) => {
      const [first = ''] = (at([IN_FILE.service, i]) ?? '').split(/(?<=\.)\s/);
      return `| [${name}](${areaOf(file.package)}.md#${name.toLowerCase()}) | \`${file.package}\` | ${first} |`;
    });
  });
  return `# API\n\nEvery service, method and message. ${ABOUT} Over HTTP the same methods are [JSON](../../services/rest-gateway); the events are in [asyncapi.yaml](../asyncapi.yaml).\n\n| service | package | what |\n|---|---|---|\n${rows.sort().join('\n')}\n`;
}

function servicesOf(source: Source, uncommented: string[]): Section[] {
  const { file, at } = source;
  const messages = new Map(file.messageType.map((one, i) => [`.${file.package}.${one.name}`, { one, i }]));
  return file.service.map((service, i) => {
    const methods = service.method.map((method, j) => {
      const comment = at([IN_FILE.service, i, METHOD, j]);
      if (comment === undefined) uncommented.push(`${service.name}.${method.name}`);
      const fields = (typeName: string) => {
        const found = messages.get(typeName);
        return found
          ? fieldsOf(source, found.one, [IN_FILE.message, found.i])
          : ` ${linkTo(source, typeName)}`;
      };
      const stream = (is: boolean) => (is ? ', a stream' : '');
      return [
        `### ${method.name}`,
        ...(comment === undefined ? [] : [comment]),
        `Request${stream(method.clientStreaming)}:${fields(method.inputType)}`,
        `Reply${stream(method.serverStreaming)}:${fields(method.outputType)}`,
      ].join('\n\n');
    });
    return {
      name: service.name,
      text: [...headOf(service, at([IN_FILE.service, i])), ...methods].join('\n\n'),
    };
  });
}

const headOf = ({ name }: ServiceDescriptorProto, comment: string | undefined): string[] => [
  `## ${name}`,
  ...(comment === undefined ? [] : [comment]),
];

/** Messages and enums that are not the whole request or reply of a method. */
function typesOf(source: Source): Section[] {
  const { file, at, whole } = source;
  const messages = file.messageType.flatMap((message, i) =>
    whole.has(`.${file.package}.${message.name}`)
      ? []
      : messageSections(source, message, [IN_FILE.message, i]),
  );
  const enums = file.enumType.map((one, i) => enumSection(one, [IN_FILE.enumeration, i], at));
  return [...messages, ...enums];
}

function messageSections(source: Source, message: DescriptorProto, path: readonly number[]): Section[] {
  const { at } = source;
  const comment = at(path);
  const text = [`### ${message.name}`, ...(comment ? [comment] : []), fieldsOf(source, message, path)].join(
    '\n\n',
  );
  const nested = message.nestedType.flatMap((one, i) =>
    one.options?.mapEntry ? [] : messageSections(source, one, [...path, IN_MESSAGE.message, i]),
  );
  const enums = message.enumType.map((one, i) => enumSection(one, [...path, IN_MESSAGE.enumeration, i], at));
  return [{ name: message.name, text }, ...nested, ...enums];
}

function enumSection(one: EnumDescriptorProto, path: readonly number[], at: CommentAt): Section {
  const comment = at(path);
  const rows = one.value.map(
    ({ name, number }, i) => `| \`${name}\` | ${number} | ${cell(at([...path, VALUE, i]))} |`,
  );
  const table = `| value | number | |\n|---|---|---|\n${rows.join('\n')}`;
  return { name: one.name, text: [`### ${one.name}`, ...(comment ? [comment] : []), table].join('\n\n') };
}

function fieldsOf(source: Source, message: DescriptorProto, path: readonly number[]): string {
  const { at } = source;
  if (message.field.length === 0) return ' no fields.';
  const rows = message.field.map((field, i) => {
    const choice = oneofOf(message, field);
    const comment = cell(at([...path, IN_MESSAGE.field, i]));
    return `| \`${field.name}\` | ${typeOf(source, message, field)} | ${[choice, comment].filter(Boolean).join(' ')} |`;
  });
  return `\n\n| field | type | |\n|---|---|---|\n${rows.join('\n')}`;
}

function oneofOf(
  { oneofDecl }: DescriptorProto,
  { oneofIndex, proto3Optional }: FieldDescriptorProto,
): string {
  if (oneofIndex === undefined || proto3Optional) return '';
  const name = oneofDecl[oneofIndex]?.name;
  return name === undefined ? '' : `(one of \`${name}\`)`;
}

function typeOf(source: Source, message: DescriptorProto, field: FieldDescriptorProto): string {
  const entry = message.nestedType.find(
    ({ name, options }) => options?.mapEntry && field.typeName.endsWith(`.${message.name}.${name}`),
  );
  if (entry) {
    const [key, value] = entry.field.map((one) => scalarOf(source, one));
    return `map of ${key} to ${value}`;
  }
  const one = scalarOf(source, field);
  return field.label === Label.REPEATED ? `list of ${one}` : one;
}

function scalarOf(source: Source, { type, typeName }: FieldDescriptorProto): string {
  if (type === Type.MESSAGE || type === Type.ENUM) return linkTo(source, typeName);
  return (Type[type] as string).toLowerCase();
}

/** A type by its name, with a link to where it stands. */
function linkTo({ file, whole }: Source, typeName: string): string {
  const name = typeName.slice(1);
  const short = name.split('.').at(-1) as string;
  if (!name.startsWith('lienthong.')) return short;
  const area = areaOf(name);
  const page = area === areaOf(file.package) ? '' : `${area}.md`;
  const anchor = whole.has(typeName) ? short.replace(/(Request|Response)$/, '') : short;
  return `[${short}](${page}#${anchor.toLowerCase()})`;
}

const cell = (text: string | undefined): string =>
  (text ?? '').replaceAll('|', '\\|').replaceAll('<', '&lt;');
