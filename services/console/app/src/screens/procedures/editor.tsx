import type { registry } from '@lienthong/contracts/json';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMe } from '../../api/me.ts';
import { refresh } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { keepWindowDraft, useWindowDraft } from '../../api/window-draft.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { type BlockState, Way } from '../../ui/way.tsx';
import { type Beginning, useBeginning } from './beginning.ts';
import { TextDifference } from './difference.tsx';
import { Elsewhere, isChangedElsewhere } from './elsewhere.tsx';
import { PublishForm } from './publish-form.tsx';
import { Simulation } from './simulation.tsx';
import { writesProcedures } from './states.ts';
import { TextForm } from './text-form.tsx';
import { isError, useCheck } from './use-check.ts';

const route = getRouteApi('/soan-thu-tuc');

/** A procedure as text beside its workflow: kept in the browser as one types, and at the platform when one saves. */
export function ProcedureEditor() {
  const { t } = useText();
  const { ma: code = '' } = route.useSearch();
  const me = useMe();
  const beginning = useBeginning(code);
  return (
    <Screen title={code === '' ? t('procedures.write') : t('procedure.writing', { code })}>
      {me !== undefined && !writesProcedures(me) && (
        <p className="note note-danger">{t('procedure.notYours')}</p>
      )}
      <ProblemNote error={beginning.error} onRetry={() => void beginning.refetch()} />
      {writesProcedures(me) &&
        me !== undefined &&
        beginning.isFetchedAfterMount &&
        beginning.data !== undefined && (
          <Editing
            key={code}
            owner={me.officerId}
            code={code}
            server={beginning.data}
            isFresh={!beginning.isFetching}
          />
        )}
      {beginning.isPending && beginning.error === null && <p className="empty">{t('list.loading')}</p>}
    </Screen>
  );
}

/** What stands in the browser: the text, and which draft of the platform it goes on from. */
interface Written {
  text: string;
  procedureId: string;
  revision: number;
  /** As it was saved last; '' before the first time. */
  saved: string;
}

const nameOf = (code: string): string => `procedure:${code}`;
const writtenOf = ({ text, procedureId, revision }: Beginning): Written => ({
  text,
  procedureId,
  revision,
  saved: procedureId === '' ? '' : text,
});

interface EditingProps {
  owner: string;
  code: string;
  server: Beginning;
  /** Nothing newer is on its way. */
  isFresh: boolean;
}

function Editing({ owner, code, server, isFresh }: EditingProps) {
  const { t } = useText();
  const navigate = useNavigate();
  const { draft, change, end } = useWindowDraft<Written>(owner, nameOf(code), writtenOf(server));
  const { text, procedureId, revision, saved } = draft;
  const { check, error, isCurrent, again } = useCheck(text);
  const [publishing, setPublishing] = useState(false);
  const [sent, setSent] = useState('');
  const done = ({ procedure }: { procedure?: registry.Procedure }) => {
    if (procedure === undefined) return;
    const kept = { procedureId: procedure.id, revision: procedure.revision, saved: sent };
    change(kept);
    if (code === procedure.code) return;
    // A new procedure has its code from now on.
    keepWindowDraft(owner, nameOf(procedure.code), { ...draft, ...kept });
    end();
    void navigate({ to: '/soan-thu-tuc', search: { ma: procedure.code } });
  };
  const begin = useCommand('registry.v1.ProcedureRegistryService/DraftProcedure', done);
  const revise = useCommand('registry.v1.ProcedureRegistryService/ReviseProcedure', done);
  const discard = useCommand('registry.v1.ProcedureRegistryService/DiscardDraft', () => leave());
  const refused = begin.error ?? revise.error ?? discard.error;
  // Why it was refused may be what somebody else has done with the draft.
  useEffect(() => {
    if (refused !== undefined) refresh('registry');
  }, [refused]);
  const running = begin.running || revise.running || discard.running;
  const isSaved = saved === text;
  const errors = check?.problems.filter(isError).length ?? 0;
  const root = check?.definition?.workflow?.root;
  const stateOf = (key: string): BlockState | undefined => {
    const [worst] = (check?.problems ?? [])
      .filter(({ blockKey }) => blockKey === key)
      .sort((a, b) => Number(isError(b)) - Number(isError(a)));
    if (worst === undefined) return undefined;
    return isError(worst) ? 'wrong' : 'doubtful';
  };

  function save(): void {
    const definition = check?.definition;
    if (definition === undefined || !isCurrent) return;
    setSent(text);
    begin.forget();
    revise.forget();
    if (procedureId === '') begin.run({ definition });
    else revise.run({ procedureId, definition, revision });
  }
  function leave(): void {
    end();
    void navigate({ to: '/thu-tuc' });
  }

  return (
    <div className="stack">
      {isFresh && !running && isChangedElsewhere(draft, server) && (
        <Elsewhere
          written={draft}
          server={server}
          onTake={() => change(writtenOf(server))}
          onReplace={() => change({ procedureId: server.procedureId, revision: server.revision, saved: '' })}
        />
      )}
      <div className="columns columns-even">
        <div className="stack">
          <TextForm
            text={text}
            problems={check?.problems ?? []}
            onChange={(next) => change({ text: next })}
          />
          <ProblemNote error={error} onRetry={again} />
        </div>
        <section className="panel stack" aria-labelledby="workflow">
          <h2 id="workflow">{t('workflow.title')}</h2>
          {root === undefined ? (
            <p className="muted">{t('procedure.noDrawing')}</p>
          ) : (
            <Way block={root} stateOf={stateOf} />
          )}
        </section>
      </div>
      <p role="status">
        {t(
          !isCurrent
            ? 'procedure.checking'
            : errors > 0
              ? 'procedure.hasErrors'
              : isSaved
                ? 'procedure.saved'
                : 'procedure.sound',
          { count: errors },
        )}
      </p>
      <ProblemNote error={refused} />
      <div className="end">
        <button
          type="button"
          className="button"
          disabled={running}
          onClick={() => (procedureId === '' ? leave() : discard.run({ procedureId, revision }))}
        >
          {t('procedure.discard')}
        </button>
        <button
          type="button"
          className="button"
          disabled={running || isSaved || !isCurrent || check?.definition === undefined}
          onClick={save}
        >
          {t('procedure.save')}
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={running || !isSaved || !isCurrent || errors > 0 || procedureId === ''}
          onClick={() => setPublishing(true)}
        >
          {t('procedure.publish')}
        </button>
      </div>
      <Simulation definition={isCurrent ? check?.definition : undefined} />
      {server.before !== '' && (
        <details className="panel">
          <summary>{t('procedure.difference', { version: server.beforeVersion })}</summary>
          <TextDifference
            before={server.before}
            after={text}
            label={t('procedure.difference', { version: server.beforeVersion })}
          />
        </details>
      )}
      {publishing && (
        <PublishForm
          procedureId={procedureId}
          revision={revision}
          beforeVersion={server.beforeVersion}
          beforeId={server.beforeId}
          code={code}
          onClose={() => setPublishing(false)}
          onDone={() => {
            end();
            void navigate({ to: '/thu-tuc/$code', params: { code } });
          }}
        />
      )}
    </div>
  );
}
