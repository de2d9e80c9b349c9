import type { casework } from '@lienthong/contracts/json';
import { Link } from '@tanstack/react-router';
import { Printer } from 'lucide-react';
import { encode } from 'uqr';
import { useText } from '../../text/text.tsx';
import { Deadline } from '../../ui/deadline.tsx';
import { PaperButton } from '../../ui/paper-button.tsx';

interface LodgedProps {
  lodged: casework.LodgeDossierResponse;
  onNext: () => void;
}

/** What the citizen takes along: the code, and the secret, which is shown here alone. */
export function Lodged({ lodged, onNext }: LodgedProps) {
  const { t } = useText();
  const { code, trackingSecret, dossierId, dueAt, dueProvisional, status } = lodged;
  // A secret never stands in an address: the citizen types it.
  const address = `${location.origin}/tra-cuu?${new URLSearchParams({ ma: code })}`;
  return (
    <div className="stack">
      <section className="panel stack" aria-labelledby="lodged">
        <h2 id="lodged">{t('lodge.done')}</h2>
        <div className="row ticket">
          <QrCode text={address} label={t('lodge.qr')} />
          <dl className="facts">
            <div className="fact">
              <dt>{t('lodge.code')}</dt>
              <dd className="number">
                <strong>{code}</strong>
              </dd>
            </div>
            <div className="fact">
              <dt>{t('lodge.secret')}</dt>
              <dd className="number">
                <strong>{trackingSecret}</strong>
              </dd>
            </div>
          </dl>
        </div>
        {dueAt !== undefined && (
          <div>
            <Deadline at={new Date(dueAt)} provisional={dueProvisional} />
          </div>
        )}
        <p className="note note-warn">{t('lodge.secretOnce')}</p>
      </section>
      <div className="row no-print">
        <button type="button" className="button" onClick={() => print()}>
          <Printer size={16} className="icon" aria-hidden />
          {t('lodge.printTicket')}
        </button>
        {status !== 'DOSSIER_STATUS_REGISTERED' && (
          <PaperButton dossierId={dossierId} form="FORM_RECEIPT" label={t('lodge.receipt')} />
        )}
        <Link className="button" to="/ho-so/$dossierId" params={{ dossierId }}>
          {t('lodge.openDossier')}
        </Link>
        <button type="button" className="button button-main" onClick={onNext}>
          {t('lodge.next')}
        </button>
      </div>
    </div>
  );
}

/** Scanned from the paper; dark on light in every scheme. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
