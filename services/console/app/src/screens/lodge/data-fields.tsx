import type { registry } from '@lienthong/contracts/json';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type Key, useText } from '../../text/text.tsx';
import { FieldGroup, SelectField, TextField } from '../../ui/field.tsx';
import { OneFile } from '../../ui/one-file.tsx';

/** Texts by path of the procedure's data: "home.unit", "household[1].name". */
export type Data = Record<string, string>;

interface DataFieldsProps {
  fields: readonly registry.DataField[];
  /** What paths begin with: '' or "household[1].". */
  prefix?: string;
  data: Data;
  /** Called with the texts that change. */
  onChange: (change: Data) => void;
  /** What is wrong at a path itself. */
  errorOf: (path: string) => string | undefined;
}

/** A form as the data of a procedure describes it. */
export function DataFields({ fields, prefix = '', ...rest }: DataFieldsProps) {
  return fields.map((field) => (
    <DataField key={field.key} field={field} path={`${prefix}${field.key}`} prefix={prefix} {...rest} />
  ));
}

interface DataFieldProps extends Omit<DataFieldsProps, 'fields'> {
  field: registry.DataField;
  path: string;
}

const INPUTS: Partial<Record<registry.DataType, { type: string; inputMode?: 'numeric' | 'decimal' }>> = {
  DATA_TYPE_DATE: { type: 'date' },
  DATA_TYPE_INTEGER: { type: 'text', inputMode: 'numeric' },
  DATA_TYPE_MONEY: { type: 'text', inputMode: 'numeric' },
  DATA_TYPE_NUMBER: { type: 'text', inputMode: 'decimal' },
};

const IDENTITIES = [
  ['personal_number', 'identity.personal'],
  ['passport', 'identity.passport'],
  ['enterprise_number', 'identity.enterprise'],
  ['residence_card', 'identity.residence'],
  ['other', 'identity.other'],
] as const satisfies readonly (readonly [string, Key])[];

function DataField({ field, path, prefix = '', data, onChange, errorOf: wrongAt }: DataFieldProps) {
  const { t } = useText();
  // The procedure's own words say more than the platform's.
  const errorOf = (at: string) => wrongAt(at) && (field.message || wrongAt(at));
  const common = { data, onChange, errorOf: wrongAt };
  const about = (at: string) => ({
    value: data[at] ?? '',
    error: errorOf(at),
    onChange: (event: { target: { value: string } }) => onChange({ [at]: event.target.value }),
  });
  switch (field.type) {
    case 'DATA_TYPE_GROUP':
      return field.maxRows > 0 ? (
        <Rows field={field} path={path} {...common} />
      ) : (
        <FieldGroup label={field.label} error={errorOf(path)}>
          <DataFields fields={field.fields} prefix={`${path}.`} {...common} />
        </FieldGroup>
      );
    case 'DATA_TYPE_IDENTITY':
      return (
        <FieldGroup label={field.label} error={errorOf(path)}>
          <div className="pair">
            <SelectField label={t('identity.kind')} {...about(`${path}.kind`)}>
              <option value="">{t('field.choose')}</option>
              {IDENTITIES.map(([kind, key]) => (
                <option key={kind} value={kind}>
                  {t(key)}
                </option>
              ))}
            </SelectField>
            <TextField label={t('identity.number')} {...about(`${path}.number`)} />
          </div>
        </FieldGroup>
      );
    case 'DATA_TYPE_ADDRESS':
      return (
        <FieldGroup label={field.label} error={errorOf(path)}>
          <div className="pair">
            <TextField label={t('address.unit')} help={t('address.unitHelp')} {...about(`${path}.unit`)} />
            <TextField label={t('address.detail')} {...about(`${path}.detail`)} />
          </div>
        </FieldGroup>
      );
    case 'DATA_TYPE_BOOLEAN':
      return (
        <SelectField label={field.label} {...about(path)}>
          <option value="">{t('field.choose')}</option>
          <option value="true">{t('field.yes')}</option>
          <option value="false">{t('field.no')}</option>
        </SelectField>
      );
    case 'DATA_TYPE_CHOICE': {
      const above = valueAround(data, prefix, field.dependsOn);
      const choices = field.choices.filter(({ onlyFor }) => onlyFor.length === 0 || onlyFor.includes(above));
      return (
        <SelectField label={field.label} {...about(path)}>
          <option value="">{t('field.choose')}</option>
          {choices.map(({ value, label }) => (
            <option key={value} value={value}>
              {label || value}
            </option>
          ))}
        </SelectField>
      );
    }
    case 'DATA_TYPE_FILE':
      return (
        <OneFile
          label={field.label}
          error={errorOf(path)}
          onChange={(sha256) => onChange({ [path]: sha256 })}
        />
      );
    default:
      return <TextField label={field.label} {...INPUTS[field.type]} {...about(path)} />;
  }
}

/** The value of a choice in the same group, or in one around it. */
function valueAround(data: Data, prefix: string, key: string): string {
  if (key === '') return '';
  for (let at = prefix; ; at = at.replace(/[^.]*\.$/, '')) {
    const value = data[`${at}${key}`];
    if (value !== undefined || at === '') return value ?? '';
  }
}

/** A group that is there several times. */
function Rows({ field, path, data, onChange, errorOf }: DataFieldProps) {
  const { t } = useText();
  const [count, setCount] = useState(Math.max(field.minRows, rowsIn(data, path)));
  const drop = () => {
    const last = `${path}[${count - 1}].`;
    onChange(
      Object.fromEntries(
        Object.keys(data)
          .filter((at) => at.startsWith(last))
          .map((at) => [at, '']),
      ),
    );
    setCount(count - 1);
  };
  return (
    <FieldGroup label={field.label} error={errorOf(path)}>
      {Array.from({ length: count }, (_, row) => `${path}[${row}].`).map((prefix, row) => (
        <FieldGroup key={prefix} className="panel" label={t('field.row', { row: row + 1 })}>
          <DataFields
            fields={field.fields}
            prefix={prefix}
            data={data}
            onChange={onChange}
            errorOf={errorOf}
          />
        </FieldGroup>
      ))}
      <div className="row">
        {count < field.maxRows && (
          <button type="button" className="button" onClick={() => setCount(count + 1)}>
            <Plus size={16} className="icon" aria-hidden />
            {t('field.addRow', { name: field.label })}
          </button>
        )}
        {count > field.minRows && (
          <button type="button" className="button" onClick={drop}>
            <Trash2 size={16} className="icon" aria-hidden />
            {t('field.dropRow', { name: field.label })}
          </button>
        )}
      </div>
    </FieldGroup>
  );
}

/** How many rows of a group have something. */
function rowsIn(data: Data, path: string): number {
  const numbers = Object.keys(data).flatMap((at) =>
    at.startsWith(`${path}[`) ? [Number.parseInt(at.slice(path.length + 1), 10) + 1] : [],
  );
  return Math.max(0, ...numbers);
}
