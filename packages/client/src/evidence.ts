import type { AuditServiceClient } from '@lienthong/contracts/audit';
import type { CallExtras } from './call.ts';
import { retryUntilSuccess } from './retry.ts';

export type EvidenceSubject = { documentId: string } | { dossierCode: string };

export interface EvidenceOptions {
  signal?: AbortSignal;
  /** Limit for the whole file with its retries: a fresh act is in the log's tree about a second later. */
  timeoutMs?: number;
}

/** The evidence file of a document or dossier, for `lienthong verify`. */
export function exportEvidence(
  client: AuditServiceClient<CallExtras>,
  subject: EvidenceSubject,
  timeoutMs: number,
  { signal, timeoutMs: wholeMs = timeoutMs }: EvidenceOptions,
): Promise<Uint8Array> {
  const named =
    'documentId' in subject
      ? { $case: 'documentId' as const, value: subject.documentId }
      : { $case: 'dossierCode' as const, value: subject.dossierCode };
  return retryUntilSuccess(
    async (remainingMs) => {
      const parts: Uint8Array[] = [];
      const options = { signal, timeoutMs: remainingMs };
      for await (const { content } of client.exportEvidence({ subject: named }, options)) parts.push(content);
      return Buffer.concat(parts);
    },
    wholeMs,
    signal,
  );
}
