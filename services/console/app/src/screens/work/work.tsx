import type { casework } from '@lienthong/contracts/json';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMe } from '../../api/me.ts';
import { useColleagues } from '../../api/officers.ts';
import { query } from '../../api/query-client.ts';
import { useText } from '../../text/text.tsx';
import { Deadline } from '../../ui/deadline.tsx';
import { InfiniteList } from '../../ui/infinite-list.tsx';
import { Screen } from '../../ui/screen.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { isPart, PARTS, type Part, workList } from './parts.ts';
import { keyOf, nameOfTask, useSelection } from './selection.ts';

const route = getRouteApi('/viec');

/** What there is to do, nearest deadline first. */
export function Work() {
  const { t } = useText();
  const { muc } = route.useSearch();
  const part: Part = isPart(muc) ? muc : 'cua-toi';
  const me = useMe();
  return (
    <Screen title={t('work.title')}>
      <Parts shown={part} officerId={me?.officerId ?? ''} />
      <WorkList key={part} part={part} officerId={me?.officerId ?? ''} />
    </Screen>
  );
}

function WorkList({ part, officerId }: { part: Part; officerId: string }) {
  const { t } = useText();
  const list = useInfiniteQuery(workList(part, officerId));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const selection = useSelection(items);
  return (
    <>
      <BulkActions items={items} selection={selection} />
      <InfiniteList pages={list} items={items} empty={t('work.empty')}>
        {(item) => (
          <WorkItem
            key={keyOf(item)}
            item={item}
            chosen={selection.has(item)}
            onChoose={(isChosen) => selection.change([item], isChosen)}
          />
        )}
      </InfiniteList>
    </>
  );
}

function Parts({ shown, officerId }: { shown: Part; officerId: string }) {
  const { t } = useText();
  const agency = useQuery(query('casework.v1.CaseworkService/CountWork', {}));
  const mine = useQuery({
    ...query('casework.v1.CaseworkService/CountWork', { officerId }),
    enabled: officerId !== '',
  });
  const sum = (counts: readonly casework.UrgencyCount[] | undefined, late = false) =>
    counts
      ?.filter(({ urgency }) => !late || urgency === 'URGENCY_OVERDUE' || urgency === 'URGENCY_ESCALATED')
      .reduce((total, { count }) => total + count, 0);
  const counts: Partial<Record<Part, number | undefined>> = {
    'cua-toi': sum(mine.data?.tasks),
    'qua-han': sum(agency.data?.tasks, true),
    'co-quan': sum(agency.data?.tasks),
  };
  return (
    <nav className="tabs no-print" aria-label={t('work.parts')}>
      {(Object.keys(PARTS) as Part[]).map((part) => (
        <Link
          key={part}
          to="/viec"
          search={{ muc: part }}
          aria-current={part === shown ? 'page' : undefined}
          activeProps={{}}
        >
          {t(PARTS[part].key)}
          {part in counts && <span className="amount">{counts[part]}</span>}
        </Link>
      ))}
    </nav>
  );
}

interface WorkItemProps {
  item: casework.WorkItem;
  chosen: boolean;
  onChoose: (isChosen: boolean) => void;
}

function WorkItem({ item, chosen, onChoose }: WorkItemProps) {
  const { t } = useText();
  const colleagues = useColleagues();
  const { task, dossier } = item;
  if (task === undefined || dossier === undefined) return null;
  const assignee = colleagues.find(({ id }) => id === task.assigneeId)?.fullName ?? '';
  const late = task.urgency === 'URGENCY_OVERDUE' || task.urgency === 'URGENCY_ESCALATED';
  return (
    <li className={`item item-new item-chosen ${late ? 'item-urgent' : ''}`}>
      <input
        type="checkbox"
        className="actions no-print"
        aria-label={t('work.choose', { name: nameOfTask(item, t) })}
        checked={chosen}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <div className="stack tight">
        <Link className="item-title" to="/ho-so/$dossierId" params={{ dossierId: dossier.id }}>
          {task.name || t('task.intake')}
        </Link>
        <div className="about">
          <span className="number">{dossier.code}</span>
          <span>{dossier.procedureName}</span>
          <span>{dossier.applicantName}</span>
        </div>
      </div>
      <div className="side-info">
        {task.dueAt === undefined ? (
          <span className="badge">{t('task.noDeadline')}</span>
        ) : (
          <Deadline at={new Date(task.dueAt)} provisional={task.dueProvisional} />
        )}
        <span className="small muted">{task.assigneeId === '' ? t('task.unassigned') : assignee}</span>
      </div>
    </li>
  );
}
