import { RotateCw, Trash2 } from 'lucide-react';
import { useId } from 'react';
import type { Uploads } from '../api/use-uploads.ts';
import { sizeText } from '../text/document.ts';
import { useReasons } from '../text/reason.ts';
import { useText } from '../text/text.tsx';

interface UploadListProps {
  label: string;
  uploads: Uploads;
  error: string | undefined;
  /** False: the next file takes the place of the one before. */
  multiple?: boolean;
}

/** Files to send, each with how far it is. */
export function UploadList({ label, uploads, error, multiple = true }: UploadListProps) {
  const { t, language } = useText();
  const reasonText = useReasons();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        multiple={multiple}
        className="input"
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={(event) => {
          if (!multiple) for (const { id: before } of uploads.files) uploads.remove(before);
          uploads.add(event.target.files ?? []);
          // The same file can be chosen again after it was removed.
          event.target.value = '';
        }}
      />
      {error !== undefined && (
        <span className="error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
      {uploads.files.length > 0 && (
        <ul className="list">
          {uploads.files.map(({ id: file, name, sizeBytes, share, sha256, problem }) => (
            <li key={file} className="item">
              <div className="stack tight">
                <span>
                  {name} <span className="small muted number">{sizeText(sizeBytes, language)}</span>
                </span>
                {sha256 === undefined && problem === undefined && (
                  <progress value={share} max={1} aria-label={t('file.sending', { name })} />
                )}
                {problem !== undefined && (
                  <span className="error" role="alert">
                    {problem.isAway ? t('problem.away') : reasonText(problem.reason, problem.message)}
                  </span>
                )}
              </div>
              <div className="row actions">
                {sha256 !== undefined && <span className="badge badge-good">{t('file.sent')}</span>}
                {problem !== undefined && (
                  <button type="button" className="button button-plain" onClick={() => uploads.retry(file)}>
                    <RotateCw size={16} className="icon" aria-hidden />
                    {t('action.retry')}
                    <span className="hidden-text">{name}</span>
                  </button>
                )}
                <button type="button" className="button button-plain" onClick={() => uploads.remove(file)}>
                  <Trash2 size={16} className="icon" aria-hidden />
                  {t('action.remove')}
                  <span className="hidden-text">{name}</span>
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
