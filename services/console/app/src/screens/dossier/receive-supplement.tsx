import type { casework } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { useText } from '../../text/text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { handedIn, handIn, PaperFields, type Papers } from '../lodge/papers.tsx';

interface ReceiveSupplementProps {
  dossier: casework.Dossier;
  onClose: () => void;
}

/** The papers that were missing: with them the dossier is complete, and its time begins again. */
export function ReceiveSupplement({ dossier, onClose }: ReceiveSupplementProps) {
  const { t } = useText();
  const [papers, setPapers] = useState<Papers>({});
  const receive = useCommand('casework.v1.CaseworkService/ReceiveSupplement', onClose);
  const { data, error } = useQuery(
    query('registry.v1.ProcedureRegistryService/GetProcedure', { procedureId: dossier.procedureId }),
  );
  const required = (data?.procedure?.definition?.papers ?? []).filter(
    ({ cases }) => cases.length === 0 || dossier.caseKey === '' || cases.includes(dossier.caseKey),
  );

  function submit(event: FormEvent): void {
    event.preventDefault();
    receive.run({ dossierId: dossier.id, papers: handedIn(required, papers) });
  }

  return (
    <Dialog title={t('act.supplemented')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="note lines">{dossier.supplementContent}</p>
        <ProblemNote error={error} />
        <PaperFields
          required={required}
          papers={papers}
          error={receive.errorOf('papers')}
          onChange={(key, change) => setPapers((before) => handIn(before, key, change))}
        />
        <ProblemNote error={receive.error} shown={['papers']} />
        <div className="end">
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button button-main" disabled={receive.running}>
            {t('act.supplemented')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
