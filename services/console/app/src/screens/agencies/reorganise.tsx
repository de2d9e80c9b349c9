import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Reply } from '../../api/call.ts';
import { type Me, useMe } from '../../api/me.ts';
import { useCommand } from '../../api/use-command.ts';
import { useWindowDraft } from '../../api/window-draft.ts';
import { today } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { ChangeForm, KINDS } from './change-form.tsx';
import { Preview } from './preview.tsx';
import { type Change, change, type Plan, toParts, violationsByChange } from './reorganisation.ts';

const METHOD = 'directory.v1.AgencyDirectoryService/Reorganise';

/** Agencies are merged, renamed and ended by one decision, after a look at what will move. */
export function Reorganise() {
  const { t } = useText();
  const me = useMe();
  return (
    <Screen title={t('reorganise.title')}>
      {me !== undefined &&
        (me.roles.includes('admin') ? (
          <ReorganiseForm me={me} />
        ) : (
          <p className="note note-danger">{t('reorganise.notYours')}</p>
        ))}
    </Screen>
  );
}

function ReorganiseForm({ me }: { me: Me }) {
  const { t } = useText();
  const first: Plan = { effectiveOn: today(), legalBasis: '', changes: [] };
  const { draft: plan, change: write } = useWindowDraft<Plan>(me.officerId, 'reorganisation', first);
  const [previews, setPreviews] = useState(false);
  const [done, setDone] = useState<Reply<typeof METHOD>>();
  const enact = useCommand(METHOD, (reply) => {
    setDone(reply);
    setPreviews(false);
    write(first);
  });
  const violations = violationsByChange(plan, enact.error?.violations ?? []);
  const replace = (i: number, more: Partial<Change>) =>
    write({ changes: plan.changes.map((one, n) => (n === i ? { ...one, ...more } : one)) });

  function submit(event: FormEvent): void {
    event.preventDefault();
    enact.forget();
    setDone(undefined);
    setPreviews(true);
  }

  return (
    <form className="stack" onSubmit={submit}>
      {done !== undefined && (
        <div className="note note-good" role="status">
          {t('reorganise.done', { ended: done.ended, officers: done.officersMoved })}{' '}
          <Link to="/co-quan">{t('agencies.title')}</Link>
        </div>
      )}
      <div className="panel pair">
        <TextField
          label={t('reorganise.effectiveOn')}
          type="date"
          required
          value={plan.effectiveOn}
          error={enact.errorOf('effective_on')}
          onChange={({ target }) => write({ effectiveOn: target.value })}
        />
        <TextField
          label={t('reorganise.legalBasis')}
          required
          maxLength={200}
          value={plan.legalBasis}
          error={enact.errorOf('legal_basis')}
          onChange={({ target }) => write({ legalBasis: target.value })}
        />
      </div>
      {plan.changes.map((one, i) => (
        <ChangeForm
          // biome-ignore lint/suspicious/noArrayIndexKey: changes have no other name, and hold no state.
          key={i}
          change={one}
          number={i + 1}
          violations={violations[i] ?? []}
          onChange={(more) => replace(i, more)}
          onDrop={() => write({ changes: plan.changes.filter((_, n) => n !== i) })}
        />
      ))}
      <div className="row">
        {(Object.keys(KINDS) as Change['kind'][]).map((kind) => (
          <button
            key={kind}
            type="button"
            className="button"
            onClick={() => write({ changes: [...plan.changes, change(kind)] })}
          >
            {t('reorganise.add', { kind: t(KINDS[kind]) })}
          </button>
        ))}
      </div>
      <ProblemNote error={enact.error} shown={['effective_on', 'legal_basis', 'parts']} />
      <div className="end">
        <button type="submit" className="button button-main" disabled={plan.changes.length === 0}>
          {t('reorganise.preview')}
        </button>
      </div>
      {previews && (
        <Dialog title={t('reorganise.preview')} onClose={() => setPreviews(false)}>
          <Preview plan={plan} />
          <p className="note note-warn">{t('reorganise.lasting')}</p>
          <div className="end">
            <button type="button" className="button" onClick={() => setPreviews(false)}>
              {t('action.cancel')}
            </button>
            <button
              type="button"
              className="button button-danger"
              disabled={enact.running}
              onClick={() => {
                setPreviews(false);
                enact.run({
                  effectiveOn: plan.effectiveOn,
                  legalBasis: plan.legalBasis.trim(),
                  parts: toParts(plan),
                });
              }}
            >
              {t('reorganise.enact')}
            </button>
          </div>
        </Dialog>
      )}
    </form>
  );
}
