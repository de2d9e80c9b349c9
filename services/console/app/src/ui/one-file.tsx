import { useEffect } from 'react';
import { useUploads } from '../api/use-uploads.ts';
import { UploadList } from './upload-list.tsx';

interface OneFileProps {
  label: string;
  error: string | undefined;
  /** Called with the digest once the file is there, and with '' when it is not. */
  onChange: (sha256: string) => void;
}

/** One file of a dossier. */
export function OneFile({ label, error, onChange }: OneFileProps) {
  const uploads = useUploads('casework.v1.DossierFileService/UploadFile');
  const sha256 = uploads.files[0]?.sha256 ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes is the file, not who listens.
  useEffect(() => onChange(sha256), [sha256]);
  return <UploadList label={label} uploads={uploads} error={error} multiple={false} />;
}
