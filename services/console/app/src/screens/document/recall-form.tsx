import type { FormEvent } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** Takes a document back: at once where it has not arrived, by a request to the recipients where it has. */
export function RecallForm({ documentId, onClose }: { documentId: string; onClose: () => void }) {
  const { t } = useText();
  const recall = useCommand('routing.v1.DocumentRoutingService/RecallDocument', onClose);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    recall.run({ documentId, reason });
  }

  return (
    <Dialog title={t('recall.title')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p>{t('recall.help')}</p>
        <TextArea
          label={t('delivery.reason')}
          name="reason"
          maxLength={500}
          error={recall.errorOf('reason')}
        />
        <ProblemNote error={recall.error} shown={['reason']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-danger" disabled={recall.running}>
            {t('recall.title')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
