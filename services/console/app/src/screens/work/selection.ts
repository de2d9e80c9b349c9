import type { casework } from '@lienthong/contracts/json';
import { useState } from 'react';
import type { Translate } from '../../text/text.tsx';

export const placeOf = ({ task }: casework.WorkItem) => ({
  dossierId: task?.dossierId ?? '',
  taskNumber: task?.number ?? 0,
});

export const keyOf = (item: casework.WorkItem): string => Object.values(placeOf(item)).join(' ');

/** "H61.29551-261129-0001, Đối chiếu bản sao với bản chính". */
export const nameOfTask = ({ task, dossier }: casework.WorkItem, t: Translate): string =>
  `${dossier?.code}, ${task?.name || t('task.intake')}`;

/** Which of the tasks that are shown are chosen; what is not shown any longer is not chosen either. */
export function useSelection(items: readonly casework.WorkItem[]) {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const change = (changed: readonly casework.WorkItem[], isChosen: boolean) =>
    setKeys((before) => {
      const after = new Set(before);
      for (const item of changed) {
        if (isChosen) after.add(keyOf(item));
        else after.delete(keyOf(item));
      }
      return after;
    });
  return {
    chosen: items.filter((item) => keys.has(keyOf(item))),
    has: (item: casework.WorkItem) => keys.has(keyOf(item)),
    change,
  };
}
