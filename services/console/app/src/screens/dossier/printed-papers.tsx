import type { casework } from '@lienthong/contracts/json';
import { type Key, useText } from '../../text/text.tsx';
import { PaperButton } from '../../ui/paper-button.tsx';

/** The papers by the law's forms that a dossier has so far, to be seen and printed. */
export function PrintedPapers({ dossier }: { dossier: casework.Dossier }) {
  const { t } = useText();
  const isAccepted = dossier.acceptedAt !== undefined;
  const forms: readonly (readonly [boolean, casework.Form, Key])[] = [
    [isAccepted, 'FORM_RECEIPT', 'lodge.receipt'],
    [dossier.supplements > 0, 'FORM_SUPPLEMENT_REQUEST', 'paper.supplementRequest'],
    [dossier.status === 'DOSSIER_STATUS_REFUSED', 'FORM_REFUSAL', 'paper.refusal'],
    [dossier.extension !== undefined, 'FORM_APOLOGY', 'paper.apology'],
    [dossier.status === 'DOSSIER_STATUS_STOPPED', 'FORM_STOP_NOTICE', 'paper.stopNotice'],
    [isAccepted, 'FORM_CONTROL_SHEET', 'paper.controlSheet'],
  ];
  const there = forms.filter(([isThere]) => isThere);
  if (there.length === 0) return null;
  return (
    <section className="panel stack no-print" aria-labelledby="printed">
      <h2 id="printed">{t('dossier.printed')}</h2>
      <div className="row">
        {there.map(([, form, key]) => (
          <PaperButton key={form} dossierId={dossier.id} form={form} label={t(key)} />
        ))}
      </div>
    </section>
  );
}
