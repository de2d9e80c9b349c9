import type { casework } from '@lienthong/contracts/json';
import { type FormEvent, useEffect } from 'react';
import { useTransitions } from '../../api/use-transitions.ts';
import { useReasons } from '../../text/reason.ts';
import { useText } from '../../text/text.tsx';
import { ActFieldInput, useActFields } from '../../ui/act-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import type { BulkAct } from './bulk-acts.ts';
import { keyOf, nameOfTask, placeOf } from './selection.ts';

interface BulkFormProps {
  act: BulkAct;
  items: readonly casework.WorkItem[];
  /** Called with those that were done. */
  onDone: (items: readonly casework.WorkItem[]) => void;
  onClose: () => void;
}

/** One confirmation for many tasks, then what was done and what was not, one by one. */
export function BulkForm({ act, items, onDone, onClose }: BulkFormProps) {
  const { t } = useText();
  const reasonText = useReasons();
  const { run, running, outcomes, error } = useTransitions();
  const filled = useActFields(act.fields);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the outcomes come once.
  useEffect(() => {
    if (outcomes !== undefined) onDone(items.filter((_, i) => outcomes[i]?.done !== undefined));
  }, [outcomes]);
  const refused = items.flatMap((item, i) => {
    const refusal = outcomes?.[i]?.refused;
    return refusal === undefined ? [] : [{ item, refusal }];
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const values = filled.read(event.currentTarget);
    if (values !== undefined) run(items.map((item) => act.toTransition(placeOf(item), values)));
  }

  const title = t('work.bulk', { act: t(act.title), count: items.length });
  if (outcomes !== undefined)
    return (
      <Dialog title={title} onClose={onClose}>
        <p className="note note-good" role="status">
          {t('work.bulkDone', { done: items.length - refused.length, count: items.length })}
        </p>
        {refused.length > 0 && (
          <div className="note note-danger stack tight" role="alert">
            <p>{t('work.bulkRefused', { count: refused.length })}</p>
            <ul className="stack tight">
              {refused.map(({ item, refusal }) => (
                <li key={keyOf(item)}>
                  <strong>{nameOfTask(item, t)}</strong>
                  {`: ${reasonText(refusal.reason, refusal.message)}`}
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="end">
          <button type="button" className="button button-main" onClick={onClose}>
            {t('file.hide')}
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <ul className="stack tight chosen">
          {items.map((item) => (
            <li key={keyOf(item)}>{nameOfTask(item, t)}</li>
          ))}
        </ul>
        {act.fields.map((field) => (
          <ActFieldInput key={field.name} field={field} error={filled.errorOf(field.name)} />
        ))}
        <ProblemNote error={error} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={running}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
