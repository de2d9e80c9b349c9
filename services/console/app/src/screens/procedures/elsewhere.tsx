import { useText } from '../../text/text.tsx';
import type { Beginning } from './beginning.ts';
import { TextDifference } from './difference.tsx';

interface Based {
  text: string;
  procedureId: string;
  revision: number;
}

/** Whether the platform's draft is another one than that from which the text goes on. */
export const isChangedElsewhere = (written: Based, server: Beginning): boolean =>
  written.procedureId !== server.procedureId || written.revision < server.revision;

interface ElsewhereProps {
  written: Based;
  server: Beginning;
  /** Takes the platform's draft in place of what is typed. */
  onTake: () => void;
  /** Goes on with what is typed: it takes the place of the platform's draft when it is saved. */
  onReplace: () => void;
}

/** Somebody else has saved, published or discarded the draft meanwhile: which of the two texts goes on is the person's choice. */
export function Elsewhere({ written, server, onTake, onReplace }: ElsewhereProps) {
  const { t } = useText();
  return (
    <section className="note note-warn stack" aria-labelledby="elsewhere">
      <h2 id="elsewhere">
        {t(server.procedureId === '' ? 'procedure.goneElsewhere' : 'procedure.savedElsewhere')}
      </h2>
      <TextDifference before={server.text} after={written.text} label={t('procedure.theirsAndYours')} />
      <div className="row">
        <button type="button" className="button" onClick={onTake}>
          {t('procedure.takeTheirs')}
        </button>
        <button type="button" className="button" onClick={onReplace}>
          {t('procedure.keepYours')}
        </button>
      </div>
    </section>
  );
}
