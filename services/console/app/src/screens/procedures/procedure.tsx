import type { registry } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { dateText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Way } from '../../ui/way.tsx';
import { DRAFTS } from './beginning.ts';
import { RepealForm, SuspendForm } from './end-forms.tsx';
import { ProcedureFacts } from './facts.tsx';
import { STATES, writesProcedures } from './states.ts';

const route = getRouteApi('/thu-tuc/$code');

/** One procedure: a version of it, which the address may name, and the others. */
export function ProcedureScreen() {
  const { t } = useText();
  const { code } = route.useParams();
  const { ban } = route.useSearch();
  const versions = useQuery(query('registry.v1.ProcedureRegistryService/ListVersions', { code }));
  const published = (versions.data?.versions ?? []).filter(({ state }) => !DRAFTS.includes(state));
  const shown = published.find(({ version }) => String(version) === ban) ?? published[0];
  const found = useQuery({
    ...query('registry.v1.ProcedureRegistryService/GetProcedure', { procedureId: shown?.id ?? '' }),
    enabled: shown !== undefined,
  });
  const procedure = found.data?.procedure;
  const definition = procedure?.definition;
  const root = definition?.workflow?.root;
  const error = versions.error ?? found.error;
  if (procedure === undefined || definition === undefined)
    return (
      <Screen title={t('procedures.title')}>
        {error === null ? (
          <p className="empty">
            {t(versions.isSuccess && shown === undefined ? 'lodge.noProcedure' : 'list.loading')}
          </p>
        ) : (
          <ProblemNote error={error} onRetry={() => void versions.refetch()} />
        )}
      </Screen>
    );
  return (
    <Screen key={procedure.id} title={definition.name} actions={<Acts procedure={procedure} />}>
      <div className="row">
        <span className="badge number">{code}</span>
        <span className="badge">{t('procedure.version', { version: procedure.version })}</span>
        <span className="badge badge-accent">{t(STATES[procedure.state])}</span>
        {definition.sample && <span className="badge">{t('procedure.sample')}</span>}
      </div>
      {procedure.suspension !== undefined && (
        <p className="note note-warn">
          {t('procedure.suspendedFor', { reason: procedure.suspension.reason })}
        </p>
      )}
      <div className="columns">
        <div className="stack">
          <ProcedureFacts procedure={procedure} definition={definition} />
          {root !== undefined && (
            <section className="panel stack" aria-labelledby="workflow">
              <h2 id="workflow">{t('workflow.title')}</h2>
              <Way block={root} />
            </section>
          )}
        </div>
        <Versions code={code} shown={procedure.id} versions={published} />
      </div>
    </Screen>
  );
}

interface VersionsProps {
  code: string;
  shown: string;
  versions: readonly registry.ProcedureSummary[];
}

function Versions({ code, shown, versions }: VersionsProps) {
  const { t, language } = useText();
  return (
    <section className="panel stack" aria-labelledby="versions">
      <h2 id="versions">{t('procedure.versions')}</h2>
      <ol className="stack tight">
        {versions.map(({ id, version, state, effectiveOn, endedOn }) => (
          <li key={id}>
            <Link
              to="/thu-tuc/$code"
              params={{ code }}
              search={{ ban: String(version) }}
              aria-current={id === shown ? 'page' : undefined}
            >
              {t('procedure.version', { version })}
            </Link>{' '}
            <span className="small muted">
              {[
                t(STATES[state]),
                t('period.from', { date: dateText(effectiveOn, language) }),
                endedOn !== '' && t('period.until', { date: dateText(endedOn, language) }),
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What those who write the register can do with a version. */
function Acts({ procedure: { id, code, state, suspension } }: { procedure: registry.Procedure }) {
  const { t } = useText();
  const writes = writesProcedures(useMe());
  const [form, setForm] = useState<'repeal' | 'suspend'>();
  const resume = useCommand('registry.v1.ProcedureRegistryService/ResumeProcedure');
  if (!writes) return null;
  const inForce = state === 'PROCEDURE_STATE_PUBLISHED';
  const close = () => setForm(undefined);
  return (
    <>
      <ProblemNote error={resume.error} />
      <Link className="button button-main" to="/soan-thu-tuc" search={{ ma: code }}>
        {t('procedure.amend')}
      </Link>
      {inForce && suspension === undefined && (
        <button type="button" className="button" onClick={() => setForm('suspend')}>
          {t('procedure.suspend')}
        </button>
      )}
      {inForce && suspension !== undefined && (
        <button
          type="button"
          className="button"
          disabled={resume.running}
          onClick={() => resume.run({ procedureId: id })}
        >
          {t('procedure.resume')}
        </button>
      )}
      {inForce && (
        <button type="button" className="button button-danger" onClick={() => setForm('repeal')}>
          {t('procedure.repeal')}
        </button>
      )}
      {form === 'repeal' && <RepealForm procedureId={id} code={code} onClose={close} />}
      {form === 'suspend' && <SuspendForm procedureId={id} onClose={close} />}
    </>
  );
}
