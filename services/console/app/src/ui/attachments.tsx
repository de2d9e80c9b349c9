import { Download, Eye, EyeOff, File } from 'lucide-react';
import { useState } from 'react';
import { sizeText } from '../text/document.ts';
import { useText } from '../text/text.tsx';

export interface AttachedFile {
  sha256: string;
  name: string;
  contentType: string;
  sizeBytes?: string | undefined;
  description?: string | undefined;
}

interface AttachmentsProps {
  /** Whose files they are: of documents or of dossiers. */
  kind: 'van-ban' | 'ho-so';
  files: readonly AttachedFile[];
}

const SHOWN = ['application/pdf', 'image/png', 'image/jpeg', 'text/plain'];

const addressOf = (kind: string, { sha256, name, contentType }: AttachedFile, more: Record<string, string>) =>
  `/api/files/${kind}/${sha256}?${new URLSearchParams({ ten: name, loai: contentType, ...more })}`;

/** Files to save, and to see in place where the browser can show them. */
export function Attachments({ kind, files }: AttachmentsProps) {
  const { t, language } = useText();
  const [seen, setSeen] = useState<string>();
  const file = files.find(({ sha256 }) => sha256 === seen);
  return (
    <div className="stack">
      <ul className="list">
        {files.map((one) => (
          <li key={`${one.sha256} ${one.name}`} className="item">
            <div className="row">
              <File size={18} className="icon" aria-hidden />
              <span className="item-name">{one.name}</span>
              {one.sizeBytes !== undefined && (
                <span className="small muted number">{sizeText(Number(one.sizeBytes), language)}</span>
              )}
            </div>
            <div className="row actions no-print">
              {SHOWN.includes(one.contentType) && (
                <button
                  type="button"
                  className="button button-plain"
                  aria-expanded={one.sha256 === seen}
                  onClick={() => setSeen(one.sha256 === seen ? undefined : one.sha256)}
                >
                  {one.sha256 === seen ? (
                    <EyeOff size={16} className="icon" aria-hidden />
                  ) : (
                    <Eye size={16} className="icon" aria-hidden />
                  )}
                  {t(one.sha256 === seen ? 'file.hide' : 'file.show')}
                  <span className="hidden-text">{one.name}</span>
                </button>
              )}
              <a className="button button-plain" href={addressOf(kind, one, {})} download={one.name}>
                <Download size={16} className="icon" aria-hidden />
                {t('file.save')}
                <span className="hidden-text">{one.name}</span>
              </a>
            </div>
          </li>
        ))}
      </ul>
      {file !== undefined && (
        <iframe className="viewer" title={file.name} src={addressOf(kind, file, { xem: '' })} />
      )}
    </div>
  );
}
