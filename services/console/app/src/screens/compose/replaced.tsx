import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { dateText } from '../../text/dates.ts';
import { numberOf } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';
import { TextArea, type TextAreaProps } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import type { Draft } from './draft.ts';

interface ReplacedDocumentProps {
  draft: Draft;
  /** The field that says why. */
  reason: Omit<TextAreaProps, 'label'>;
}

/** The document that this one replaces, and what it takes over from there. */
export function ReplacedDocument({ draft, reason }: ReplacedDocumentProps) {
  const { t, language } = useText();
  const { data, error, refetch } = useQuery(
    query('routing.v1.DocumentRoutingService/GetDocument', { documentId: draft.replacesId }),
  );
  const document = data?.document;
  return (
    <section className="panel stack" aria-label={t('replace.title')}>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {document !== undefined && (
        <p className="note">
          {t('replace.about', { number: numberOf(document), subject: document.subject })}
        </p>
      )}
      <TextArea label={t('replace.reason')} help={t('replace.help')} maxLength={500} {...reason} />
      {draft.tasks.length > 0 && (
        <div className="stack tight">
          <p className="muted">{t('replace.tasks')}</p>
          <ul>
            {draft.tasks.map(({ content, dueOn }) => (
              <li key={content}>
                {content}
                {dueOn !== '' && ` (${t('document.answerBy', { date: dateText(dueOn, language) })})`}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
