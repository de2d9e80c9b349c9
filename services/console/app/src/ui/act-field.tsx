import { useState } from 'react';
import { useMe } from '../api/me.ts';
import { useColleagues } from '../api/officers.ts';
import { momentOf } from '../text/dates.ts';
import { type Key, useText } from '../text/text.tsx';
import { SelectField, TextArea, TextField } from './field.tsx';

/** A step as people choose it. */
export interface NamedStep {
  key: string;
  name: string;
}

/** Something that is written down with a change of a dossier. */
export interface ActField {
  /** In the request, such as "contactPhone". */
  name: string;
  label: Key;
  /** A moment is Vietnam's time; an officer is another one of the agency; a step is one of `steps`. */
  kind: 'text' | 'lines' | 'amount' | 'moment' | 'officer' | 'step';
  steps?: readonly NamedStep[];
  help?: Key;
  /** What stands in it first. */
  value?: string;
  /** Nothing is sent without it. The platform itself names what else it needs. */
  required?: boolean;
}

export const REASON: ActField = { name: 'reason', label: 'delivery.reason', kind: 'lines' };
export const NEEDED_REASON: ActField = { ...REASON, required: true };
export const OFFICER: ActField = {
  name: 'officerId',
  label: 'delivery.assignee',
  kind: 'officer',
  required: true,
};

interface ActFieldInputProps {
  field: ActField;
  error: string | undefined;
}

export function ActFieldInput({ field, error }: ActFieldInputProps) {
  const { t } = useText();
  const { name, label, kind, help, value = '' } = field;
  const about = { label: t(label), help: help && t(help), error, name, defaultValue: value };
  switch (kind) {
    case 'lines':
      return <TextArea maxLength={2_000} {...about} />;
    case 'amount':
      return <TextField inputMode="numeric" maxLength={15} {...about} />;
    case 'moment':
      return <TextField type="datetime-local" {...about} />;
    case 'officer':
      return <OfficerField {...about} />;
    case 'step':
      return <StepField {...about} steps={field.steps ?? []} />;
    case 'text':
      return <TextField maxLength={100} {...about} />;
  }
}

interface ChoiceProps {
  label: string;
  name: string;
  error: string | undefined;
}

function OfficerField(about: ChoiceProps) {
  const { t } = useText();
  const me = useMe();
  const colleagues = useColleagues().filter(({ id }) => id !== me?.officerId);
  return (
    <SelectField {...about}>
      <option value="">{t('field.choose')}</option>
      {colleagues.map(({ id, fullName, position }) => (
        <option key={id} value={id}>
          {`${fullName}, ${position}`}
        </option>
      ))}
    </SelectField>
  );
}

function StepField({ steps, ...about }: ChoiceProps & { steps: readonly NamedStep[] }) {
  const { t } = useText();
  return (
    <SelectField {...about}>
      <option value="">{t('field.choose')}</option>
      {steps.map(({ key, name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

/** Fields of a form: what was filled in, and which of the required ones were not. */
export function useActFields(fields: readonly ActField[]) {
  const { t } = useText();
  const [missing, setMissing] = useState<readonly string[]>([]);
  return {
    /** undefined when a required one is empty. */
    read(form: HTMLFormElement): Record<string, string> | undefined {
      const values = valuesOf(fields, new FormData(form));
      const lacking = fields.filter(({ name, required }) => required && values[name] === undefined);
      setMissing(lacking.map(({ name }) => name));
      return lacking.length > 0 ? undefined : values;
    },
    errorOf: (name: string) => (missing.includes(name) ? t('field.required') : undefined),
  };
}

/** What was filled in, as requests have it. */
const valuesOf = (fields: readonly ActField[], form: FormData): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap(({ name, kind }) => {
      const value = toSent(kind, String(form.get(name) ?? '').trim());
      return value === '' ? [] : [[name, value]];
    }),
  );

/** "1.250.000" is an amount too. */
function toSent(kind: ActField['kind'], text: string): string {
  if (kind === 'amount') return text.replaceAll(/[.,\s]/g, '');
  return kind === 'moment' ? (momentOf(text) ?? '') : text;
}

/** "contactPhone" → "contact_phone", as violations name it. */
export const inContracts = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
