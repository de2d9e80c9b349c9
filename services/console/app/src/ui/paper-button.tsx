import type { casework } from '@lienthong/contracts/json';
import { FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { call } from '../api/call.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import { useText } from '../text/text.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemNote } from './problem-note.tsx';

interface PaperButtonProps {
  dossierId: string;
  form: casework.Form;
  label: string;
}

/** One of a dossier's papers, made when it is wanted, seen and printed in place. */
export function PaperButton({ dossierId, form, label }: PaperButtonProps) {
  const { t } = useText();
  const [address, setAddress] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (address !== undefined) return () => URL.revokeObjectURL(address);
  }, [address]);

  async function render(): Promise<void> {
    setProblem(undefined);
    try {
      const { content } = await call('casework.v1.CaseworkService/RenderPaper', {
        dossierId,
        form,
        format: 'FORMAT_PDF',
      });
      const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
      setAddress(URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' })));
    } catch (error) {
      setProblem(problemOf(error));
    }
  }

  return (
    <>
      <button type="button" className="button" onClick={() => void render()}>
        <FileText size={16} className="icon" aria-hidden />
        {label}
      </button>
      <ProblemNote error={problem} />
      {address !== undefined && (
        <Dialog title={label} onClose={() => setAddress(undefined)}>
          <iframe className="viewer" title={label} src={address} />
          <div className="end">
            <a className="button" href={address} download={`${label}.pdf`}>
              {t('file.save')}
            </a>
            <button type="button" className="button" onClick={() => setAddress(undefined)}>
              {t('file.hide')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
