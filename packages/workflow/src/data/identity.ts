/** Identity documents, and the fields that data is composed from. */
import { DataField, DataType } from '@lienthong/contracts/registry';
import type { FieldViolation } from '../result.ts';
import { type DataNode, textOf } from './tree.ts';

interface IdentityKind {
  label: string;
  form: RegExp;
  vi: string;
  en: string;
}

const KINDS = new Map<string, IdentityKind>([
  [
    'personal_id',
    {
      label: 'Số định danh cá nhân (căn cước, căn cước công dân)',
      form: /^0\d{11}$/,
      vi: 'gồm 12 chữ số, bắt đầu bằng 0',
      en: '12 digits that begin with 0',
    },
  ],
  ['old_id', { label: 'Chứng minh nhân dân', form: /^\d{9}$/, vi: 'gồm 9 chữ số', en: '9 digits' }],
  [
    'passport',
    {
      label: 'Hộ chiếu',
      form: /^[A-Z0-9]{6,12}$/,
      vi: 'gồm 6 đến 12 chữ cái in hoa và chữ số',
      en: '6 to 12 capital letters and digits',
    },
  ],
  [
    'organisation',
    {
      label: 'Mã số doanh nghiệp, mã số thuế',
      form: /^\d{10}(-\d{3})?$/,
      vi: 'gồm 10 chữ số, của đơn vị trực thuộc thêm "-" và 3 chữ số',
      en: '10 digits, of a branch with "-" and 3 more',
    },
  ],
]);

const IDENTITY_PARTS: readonly DataField[] = [
  DataField.fromPartial({
    key: 'kind',
    label: 'Loại giấy tờ',
    type: DataType.CHOICE,
    required: true,
    choices: [...KINDS].map(([value, { label }]) => ({ value, label })),
  }),
  DataField.fromPartial({ key: 'number', label: 'Số giấy tờ', type: DataType.TEXT, required: true }),
];

/** The fields in a field; undefined for one that is a text. */
export function partsOf({ type, fields }: DataField): readonly DataField[] | undefined {
  if (type === DataType.GROUP) return fields;
  return type === DataType.IDENTITY ? IDENTITY_PARTS : undefined;
}

/** The violation of an identity's number: DATA_IDENTITY_INVALID. */
export function identityProblem(
  { message }: DataField,
  { parts }: DataNode,
): Omit<FieldViolation, 'field'> | undefined {
  const text = (key: string) => {
    const part = parts.get(key);
    return (part && textOf(part)) ?? '';
  };
  const kind = KINDS.get(text('kind'));
  if (kind === undefined || kind.form.test(text('number'))) return undefined;
  return {
    description: message || `${kind.label} ${kind.vi} / must be ${kind.en}`,
    reason: 'DATA_IDENTITY_INVALID',
  };
}
