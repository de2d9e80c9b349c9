/** The fields that are in a field, and the paths of its texts. */
import { DataField, DataType } from '@lienthong/contracts/registry';
import { IDENTITY_PARTS } from './identity.ts';
import { type Data, declaredPath } from './tree.ts';

const ADDRESS_PARTS: readonly DataField[] = [
  DataField.fromPartial({ key: 'unit', label: 'Mã đơn vị hành chính', type: DataType.TEXT, required: true }),
  DataField.fromPartial({ key: 'detail', label: 'Số nhà, đường, thôn, ấp', type: DataType.TEXT }),
];

/** The fields in a field; undefined for one that is a text. */
export function partsOf({ type, fields }: DataField): readonly DataField[] | undefined {
  switch (type) {
    case DataType.GROUP:
      return fields;
    case DataType.IDENTITY:
      return IDENTITY_PARTS;
    case DataType.ADDRESS:
      return ADDRESS_PARTS;
    default:
      return undefined;
  }
}

/** The declared fields from the outermost to that of a path; it ends where the path names none. */
function fieldsAt(fields: readonly DataField[], path: string): DataField[] {
  const found: DataField[] = [];
  let inner: readonly DataField[] = fields;
  for (const key of declaredPath(path).split('.')) {
    const field = inner.find((one) => one.key === key);
    if (field === undefined) return found;
    found.push(field);
    inner = partsOf(field) ?? [];
  }
  return found;
}

/** The files that data names: each with its path. */
export function filesIn(fields: readonly DataField[], data: Data): { path: string; sha256: string }[] {
  if (!fields.some(holdsFile)) return [];
  return Object.entries(data)
    .filter(([path]) => fieldsAt(fields, path).at(-1)?.type === DataType.FILE)
    .map(([path, sha256]) => ({ path, sha256 }));
}

/** True for a file, and for a group with one. */
export const holdsFile = ({ type, fields }: DataField): boolean =>
  type === DataType.FILE || fields.some(holdsFile);

/** The part of a result's data that events carry. */
export const dataForEvents = (fields: readonly DataField[], data: Data): Record<string, string> =>
  Object.fromEntries(
    Object.entries(data).filter(([path]) => fieldsAt(fields, path).some(({ inEvents }) => inEvents)),
  );

/** The label of a path for people: "Thành viên hộ 2, Họ tên". */
export function labelOf(fields: readonly DataField[], path: string): string {
  const keys = path.split('.');
  const labels = fieldsAt(fields, path).map(({ label, key }, i) => {
    const row = /\[(\d+)\]$/.exec(keys[i] ?? '')?.[1];
    return row === undefined ? label || key : `${label || key} ${Number(row) + 1}`;
  });
  return labels.length === keys.length ? labels.join(', ') : path;
}
