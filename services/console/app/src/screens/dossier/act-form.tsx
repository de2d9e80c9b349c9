import type { FormEvent } from 'react';
import type { Method, Request } from '../../api/call.ts';
import { useMe } from '../../api/me.ts';
import { useColleagues } from '../../api/officers.ts';
import { useCommand } from '../../api/use-command.ts';
import { type Key, useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

export interface ActField {
  /** In the request, such as "contactPhone". */
  name: string;
  label: Key;
  /** A moment is Vietnam's time; an officer is another one of the agency. */
  kind: 'text' | 'lines' | 'amount' | 'moment' | 'officer';
  help?: Key;
  /** What stands in it first. */
  value?: string;
}

export const REASON: ActField = { name: 'reason', label: 'delivery.reason', kind: 'lines' };

interface ActFormProps<M extends Method> {
  title: string;
  method: M;
  /** What the form adds its fields to. */
  request: Request<M>;
  fields: readonly ActField[];
  onClose: () => void;
}

/** A change of a dossier that needs some words. */
export function ActForm<M extends Method>({ title, method, request, fields, onClose }: ActFormProps<M>) {
  const { t } = useText();
  const act = useCommand(method, onClose);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const values = fields.flatMap(({ name, kind }) => {
      const value = toSent(kind, String(form.get(name) ?? '').trim());
      return value === '' ? [] : [[name, value]];
    });
    act.run({ ...request, ...Object.fromEntries(values) });
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {fields.map((field) => (
          <Field key={field.name} field={field} error={act.errorOf(inContracts(field.name))} />
        ))}
        <ProblemNote error={act.error} shown={fields.map(({ name }) => inContracts(name))} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={act.running}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Field({ field, error }: { field: ActField; error: string | undefined }) {
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
    case 'text':
      return <TextField maxLength={100} {...about} />;
  }
}

function OfficerField(about: { label: string; name: string; error: string | undefined }) {
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

/** "1.250.000" is an amount too. */
function toSent(kind: ActField['kind'], text: string): string {
  if (kind === 'amount') return text.replaceAll(/[.,\s]/g, '');
  if (kind === 'moment' && text !== '') return new Date(`${text}+07:00`).toISOString();
  return text;
}

/** "contactPhone" → "contact_phone", as violations name it. */
const inContracts = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
