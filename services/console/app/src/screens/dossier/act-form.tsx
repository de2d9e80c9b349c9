import type { FormEvent } from 'react';
import type { Method, Request } from '../../api/call.ts';
import { useText } from '../../text/text.tsx';
import { type ActField, ActFieldInput, inContracts, useActFields } from '../../ui/act-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { type About, useLastingCommand } from '../../waiting/use-lasting-command.ts';

interface ActFormProps<M extends Method> {
  title: string;
  method: M;
  /** What the form adds its fields to. */
  request: Request<M>;
  fields: readonly ActField[];
  about: About;
  onClose: () => void;
}

/** A change of a dossier that needs some words. */
export function ActForm<M extends Method>({
  title,
  method,
  request,
  fields,
  about,
  onClose,
}: ActFormProps<M>) {
  const { t } = useText();
  const act = useLastingCommand(method, onClose);
  const filled = useActFields(fields);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const values = filled.read(event.currentTarget);
    if (values !== undefined) act.run({ ...request, ...values }, about);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {fields.map((field) => (
          <ActFieldInput
            key={field.name}
            field={field}
            error={filled.errorOf(field.name) ?? act.errorOf(inContracts(field.name))}
          />
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
