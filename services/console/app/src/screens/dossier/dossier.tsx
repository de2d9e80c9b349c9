import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMe } from '../../api/me.ts';
import { query } from '../../api/query-client.ts';
import { DOSSIER_STATUS_KEYS } from '../../text/dossier.ts';
import { useText } from '../../text/text.tsx';
import { Deadline } from '../../ui/deadline.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { WaitingNote } from '../../waiting/waiting-note.tsx';
import { Consultations } from './consultations.tsx';
import { DeadlineExplained } from './deadline-explained.tsx';
import { DossierActs } from './dossier-acts.tsx';
import { DossierFacts } from './facts.tsx';
import { PrintedPapers } from './printed-papers.tsx';
import { ReturnResult } from './return-result.tsx';
import { Story } from './story.tsx';
import { TaskPanel } from './task-panel.tsx';
import { Workflow } from './workflow.tsx';

const route = getRouteApi('/ho-so/$dossierId');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A dossier: who has it, until when and why, what is to be done, and its whole story. */
export function DossierScreen() {
  const { t } = useText();
  const { dossierId } = route.useParams();
  const me = useMe();
  // Notifications and people name a dossier by its code.
  const found = useQuery(
    query(
      'casework.v1.CaseworkService/GetDossier',
      UUID.test(dossierId) ? { dossierId } : { code: dossierId },
    ),
  );
  const dossier = found.data?.dossier;
  if (dossier === undefined)
    return (
      <Screen title={t('dossier.title')}>
        {found.error === null ? (
          <p className="empty">{t('list.loading')}</p>
        ) : (
          <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
        )}
      </Screen>
    );
  const { key, tone } = DOSSIER_STATUS_KEYS[dossier.status];
  const tasks = dossier.tasks.filter(
    ({ state, agency }) => state === 'TASK_STATE_OPEN' && agency?.agencyId === me?.agencyId,
  );
  return (
    <Screen title={t('dossier.heading', { code: dossier.code })}>
      <div className="row">
        <span className={`badge ${tone && `badge-${tone}`}`}>{t(key)}</span>
        {dossier.dueAt !== undefined && dossier.finishedAt === undefined && (
          <Deadline at={new Date(dossier.dueAt)} provisional={dossier.dueProvisional} />
        )}
        {dossier.holder !== undefined && dossier.finishedAt === undefined && (
          <span className="muted">{t('dossier.heldBy', { name: dossier.holder.name })}</span>
        )}
      </div>
      <WaitingNote thing={dossier.id} />
      <div className="columns">
        <div className="stack">
          {tasks.map((task) => (
            <TaskPanel key={task.number} dossier={dossier} task={task} />
          ))}
          {dossier.status === 'DOSSIER_STATUS_FINISHED' && dossier.intake?.agencyId === me?.agencyId && (
            <ReturnResult dossierId={dossier.id} />
          )}
          <Consultations tasks={dossier.tasks} />
          <DossierActs dossier={dossier} />
          <DossierFacts dossier={dossier} />
        </div>
        <div className="stack">
          {dossier.dueAt !== undefined && <DeadlineExplained dossierId={dossier.id} />}
          <Workflow dossier={dossier} />
          <PrintedPapers dossier={dossier} />
          <Story dossierId={dossier.id} />
        </div>
      </div>
    </Screen>
  );
}
