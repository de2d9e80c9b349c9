import type { casework } from '@lienthong/contracts/json';
import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { useText } from '../../text/text.tsx';
import { useWaiting } from '../../waiting/use-waiting.ts';
import { aboutOf } from './about.ts';
import { ActForm } from './act-form.tsx';
import { type Act, actsOf } from './acts.ts';
import { ReceiveSupplement } from './receive-supplement.tsx';

/** What can be done with the dossier as a whole. */
export function DossierActs({ dossier }: { dossier: casework.Dossier }) {
  const { t } = useText();
  const me = useMe();
  const [act, setAct] = useState<Act | 'receive-supplement'>();
  const waits = useWaiting(dossier.id).map(({ method }) => method);
  const acts = actsOf(dossier, me?.agencyId).filter(({ method }) => !waits.includes(method));
  const awaitsSupplement =
    dossier.status === 'DOSSIER_STATUS_SUPPLEMENT_REQUESTED' && dossier.intake?.agencyId === me?.agencyId;
  const close = () => setAct(undefined);
  if (acts.length === 0 && act === undefined) return null;
  return (
    <section className="panel stack no-print" aria-labelledby="acts">
      <h2 id="acts">{t('act.all')}</h2>
      <div className="row">
        {awaitsSupplement && (
          <button type="button" className="button button-main" onClick={() => setAct('receive-supplement')}>
            {t('act.supplemented')}
          </button>
        )}
        {acts.map((one) => (
          <button key={one.method} type="button" className="button" onClick={() => setAct(one)}>
            {t(one.title)}
          </button>
        ))}
      </div>
      {act === 'receive-supplement' && <ReceiveSupplement dossier={dossier} onClose={close} />}
      {act !== undefined && act !== 'receive-supplement' && (
        <ActForm
          title={t(act.title)}
          method={act.method}
          request={{ dossierId: dossier.id }}
          fields={act.fields}
          about={aboutOf(dossier, act.title)}
          onClose={close}
        />
      )}
    </section>
  );
}
