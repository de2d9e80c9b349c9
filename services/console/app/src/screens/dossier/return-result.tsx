import { useCommand } from '../../api/use-command.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** The citizen takes the result. */
export function ReturnResult({ dossierId }: { dossierId: string }) {
  const { t } = useText();
  const give = useCommand('casework.v1.CaseworkService/ReturnResult');
  return (
    <section className="panel stack no-print" aria-labelledby="return">
      <h2 id="return">{t('dossier.resultReady')}</h2>
      <ProblemNote error={give.error} />
      <div>
        <button
          type="button"
          className="button button-main"
          disabled={give.running}
          onClick={() => give.run({ dossierId })}
        >
          {t('dossier.returnResult')}
        </button>
      </div>
    </section>
  );
}
