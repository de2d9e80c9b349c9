import { useEffect, useRef, useState } from 'react';
import { type Problem, problemOf } from './problem.ts';
import { type UploadMethod, upload } from './upload.ts';

/** A file that the person has chosen, on its way or there. */
export interface SentFile {
  id: string;
  name: string;
  contentType: string;
  sizeBytes: number;
  /** From 0 to 1. */
  share: number;
  /** Once it is there. */
  sha256: string | undefined;
  problem: Problem | undefined;
}

export interface Uploads {
  files: readonly SentFile[];
  /** All files are there. */
  complete: boolean;
  add(files: Iterable<File>): void;
  retry(id: string): void;
  remove(id: string): void;
}

export const isSent = ({ sha256 }: SentFile): boolean => sha256 !== undefined;

/**
 * Files that go up while the person goes on with the form; those of a page that is left are given up.
 * @param first those that have gone up before
 */
export function useUploads(method: UploadMethod, first: readonly SentFile[] = []): Uploads {
  const [files, setFiles] = useState(first);
  const running = useRef(new Map<string, { file: File; stop: AbortController }>());
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const { stop } of all.values()) stop.abort();
    };
  }, []);

  const change = (id: string, more: Partial<SentFile>) =>
    setFiles((before) => before.map((one) => (one.id === id ? { ...one, ...more } : one)));

  async function begin(id: string, file: File): Promise<void> {
    const stop = new AbortController();
    running.current.set(id, { file, stop });
    try {
      const sha256 = await upload(method, file, stop.signal, (share) => change(id, { share }));
      change(id, { share: 1, sha256 });
    } catch (error) {
      if (!stop.signal.aborted) change(id, { problem: problemOf(error) });
    }
  }

  return {
    files,
    complete: files.every(isSent),
    add(chosen) {
      for (const file of chosen) {
        const id = crypto.randomUUID();
        const { name, type: contentType, size: sizeBytes } = file;
        const sent = { id, name, contentType, sizeBytes, share: 0, sha256: undefined, problem: undefined };
        setFiles((before) => [...before, sent]);
        void begin(id, file);
      }
    },
    retry(id) {
      const file = running.current.get(id)?.file;
      if (file === undefined) return;
      change(id, { problem: undefined, share: 0 });
      void begin(id, file);
    },
    remove(id) {
      running.current.get(id)?.stop.abort();
      running.current.delete(id);
      setFiles((before) => before.filter((one) => one.id !== id));
    },
  };
}
