/** Identity documents: the form of a number by its kind. */
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
    'personal_number',
    // NĐ 137/2015/NĐ-CP, Điều 13.
    { label: 'Số định danh cá nhân', form: /^\d{12}$/, vi: 'gồm 12 chữ số', en: '12 digits' },
  ],
  [
    'passport',
    {
      label: 'Hộ chiếu',
      form: /^[A-Z0-9]{5,15}$/,
      vi: 'gồm 5 đến 15 chữ cái in hoa và chữ số',
      en: '5 to 15 capital letters and digits',
    },
  ],
  [
    'enterprise_number',
    {
      label: 'Mã số doanh nghiệp',
      form: /^\d{10}(-?\d{3})?$/,
      vi: 'gồm 10 chữ số, của đơn vị trực thuộc thêm "-" và 3 chữ số',
      en: '10 digits, of a branch with "-" and 3 more',
    },
  ],
  [
    'residence_card',
    {
      label: 'Thẻ thường trú, thẻ tạm trú',
      form: /^[A-Z0-9-]{5,15}$/,
      vi: 'gồm 5 đến 15 chữ cái in hoa và chữ số',
      en: '5 to 15 capital letters and digits',
    },
  ],
  [
    'other',
    { label: 'Giấy tờ khác', form: /^.{1,50}$/u, vi: 'dài tối đa 50 ký tự', en: 'at most 50 characters' },
  ],
]);

export const IDENTITY_PARTS: readonly DataField[] = [
  DataField.fromPartial({
    key: 'kind',
    label: 'Loại giấy tờ',
    type: DataType.CHOICE,
    required: true,
    choices: [...KINDS].map(([value, { label }]) => ({ value, label })),
  }),
  DataField.fromPartial({ key: 'number', label: 'Số giấy tờ', type: DataType.TEXT, required: true }),
];

/** Whether a number has the form of its kind; of an unknown kind it has. */
export const isIdentityNumber = (kind: string, number: string): boolean =>
  KINDS.get(kind)?.form.test(number) ?? true;

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
  if (kind === undefined || isIdentityNumber(text('kind'), text('number'))) return undefined;
  return {
    description: message || `${kind.label} ${kind.vi} / must be ${kind.en}`,
    reason: 'DATA_IDENTITY_INVALID',
  };
}
