import type { DescField, DescMessage } from '@bufbuild/protobuf';

/** True when a violation's field is a place in a message: `recipients[3].code`, `data.key`, or the name of a oneof. */
export function fieldExists(type: DescMessage, path: string): boolean {
  const [, name = '', index, rest = ''] = /^([a-z][a-z0-9_]*)(\[\d+\])?(.*)$/s.exec(path) ?? [];
  const field = type.fields.find((one) => one.name === name);
  if (field === undefined) return rest === '' && type.oneofs.some((one) => one.name === name);
  return restExists(field, index !== undefined, rest);
}

function restExists(field: DescField, indexed: boolean, rest: string): boolean {
  if (field.fieldKind === 'map') return !indexed;
  // A path may go into a text, for example a YAML document.
  if (field.fieldKind === 'scalar' && indexed) return true;
  if (indexed && field.fieldKind !== 'list') return false;
  if (rest === '') return true;
  return rest.startsWith('.') && field.message !== undefined && fieldExists(field.message, rest.slice(1));
}
