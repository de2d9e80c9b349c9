import { dateText } from '../../text/dates.ts';
import { typeName, URGENCY_KEYS } from '../../text/document.ts';
import { type Key, useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { Draft } from './draft.ts';

interface CheckProps {
  draft: Draft;
  onClose: () => void;
  onIssue: () => void;
}

/** What goes out, and what is missing, before it is issued: an issued document is recalled at best. */
export function CheckBeforeIssue({ draft, onClose, onIssue }: CheckProps) {
  const { t, language } = useText();
  const names = Object.values(draft.recipients);
  const urgency = URGENCY_KEYS[draft.urgency];
  const missing = missingIn(draft);
  const rows: [string, string][] = [
    [t('document.type'), typeName(draft.type)],
    [t('compose.notation'), draft.notation],
    [t('compose.subject'), draft.subject],
    [t('compose.urgency'), urgency === undefined ? '' : t(urgency)],
    [t('document.dueOn'), draft.directive ? dateText(draft.dueOn, language) : ''],
    [t('replace.reason'), draft.replaceReason],
    [t('document.attachments'), draft.files.map(({ name }) => name).join('; ')],
    [t('compose.recipientCount', { count: names.length }), names.join('; ')],
  ];
  return (
    <Dialog title={t('compose.check')} onClose={onClose}>
      <dl className="facts">
        {rows
          .filter(([, text]) => text !== '')
          .map(([name, text]) => (
            <div key={name} className="fact">
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
      </dl>
      {missing.length > 0 && (
        <div className="note note-warn stack tight" role="alert">
          {missing.map((key) => (
            <p key={key}>{t('compose.missing', { field: t(key) })}</p>
          ))}
        </div>
      )}
      <div className="end">
        <button type="button" className="button" onClick={onClose}>
          {t('compose.goOn')}
        </button>
        <button type="button" className="button button-main" disabled={missing.length > 0} onClick={onIssue}>
          {t('compose.issue')}
        </button>
      </div>
    </Dialog>
  );
}

/** What the platform would refuse for its absence, and a directive without a date. */
function missingIn(draft: Draft): Key[] {
  const needed: [boolean, Key][] = [
    [draft.notation.trim() === '', 'compose.notation'],
    [draft.subject.trim() === '', 'compose.subject'],
    [draft.directive && draft.dueOn === '', 'document.dueOn'],
    [draft.replacesId !== '' && draft.replaceReason.trim() === '', 'replace.reason'],
    [Object.keys(draft.recipients).length === 0, 'document.toPlaces'],
  ];
  return needed.flatMap(([isMissing, key]) => (isMissing ? [key] : []));
}
