import type { casework } from '@lienthong/contracts/json';
import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { useText } from '../../text/text.tsx';
import { ASSIGN, type BulkAct, CLAIM, SEND_BACK } from './bulk-acts.ts';
import { BulkForm } from './bulk-form.tsx';
import type { useSelection } from './selection.ts';

interface BulkActionsProps {
  items: readonly casework.WorkItem[];
  selection: ReturnType<typeof useSelection>;
}

/** Over a list: what can be done with the tasks that are chosen in it. */
export function BulkActions({ items, selection }: BulkActionsProps) {
  const { t } = useText();
  const me = useMe();
  const { chosen, change } = selection;
  /** What was chosen when the form was opened: the list changes beneath it. */
  const [begun, setBegun] = useState<{ act: BulkAct; items: readonly casework.WorkItem[] }>();
  const acts = [CLAIM, ...(me?.roles.includes('leader') ? [ASSIGN] : []), SEND_BACK];
  return (
    <>
      {items.length > 0 && (
        <fieldset className="row no-print" aria-label={t('work.bulkGroup')}>
          <label className="check">
            <input
              type="checkbox"
              checked={chosen.length === items.length}
              onChange={(event) => change(items, event.target.checked)}
            />
            {t('work.chooseAll', { count: items.length })}
          </label>
          {chosen.length > 0 &&
            acts.map((act) => (
              <button
                key={act.title}
                type="button"
                className="button"
                onClick={() => setBegun({ act, items: chosen })}
              >
                {t('work.bulk', { act: t(act.title), count: chosen.length })}
              </button>
            ))}
        </fieldset>
      )}
      {/* The last task may be gone from the list: what was done with it is still shown. */}
      {begun !== undefined && (
        <BulkForm {...begun} onDone={(done) => change(done, false)} onClose={() => setBegun(undefined)} />
      )}
    </>
  );
}
