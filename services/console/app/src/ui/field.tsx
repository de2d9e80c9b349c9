import { type ComponentProps, type ReactNode, useId } from 'react';

interface FieldProps {
  label: string;
  help?: string | undefined;
  /** What is wrong, in words. */
  error?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}
interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

/** A control with its label, and at it what is wrong with it. */
export function Field({ label, help, error, children }: FieldProps) {
  const id = useId();
  const about = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`].filter(Boolean);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': about.length > 0 ? about.join(' ') : undefined,
        'aria-invalid': error !== undefined,
      })}
      {help !== undefined && (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {error !== undefined && (
        <span className="error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

type About = Pick<FieldProps, 'label' | 'help' | 'error'>;

export function TextField({ label, help, error, className, ...rest }: About & ComponentProps<'input'>) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => <input className={`input ${className ?? ''}`} {...rest} {...control} />}
    </Field>
  );
}

export type TextAreaProps = About & ComponentProps<'textarea'>;

export function TextArea({ label, help, error, ...rest }: TextAreaProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => <textarea className="input" {...rest} {...control} />}
    </Field>
  );
}

export function SelectField({ label, help, error, children, ...rest }: About & ComponentProps<'select'>) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <select className="input" {...rest} {...control}>
          {children}
        </select>
      )}
    </Field>
  );
}

interface FieldGroupProps {
  label: string;
  /** What is wrong with them as a whole. */
  error?: string | undefined;
  className?: string;
  children: ReactNode;
}

/** Fields that belong together. */
export function FieldGroup({ label, error, className = '', children }: FieldGroupProps) {
  const id = useId();
  return (
    <fieldset
      className={`stack ${className}`}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
    >
      <legend>{label}</legend>
      {error !== undefined && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {children}
    </fieldset>
  );
}
