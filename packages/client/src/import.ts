import { randomUUID } from 'node:crypto';
import type {
  AgencyDirectoryServiceClient,
  DeepPartial,
  ImportAgenciesRequest,
  ImportAgenciesResponse,
  ImportHeader,
  ImportLine,
} from '@lienthong/contracts/directory';
import type { CallExtras } from './call.ts';
import { retryUntilSuccess } from './retry.ts';

export interface ImportOptions {
  signal?: AbortSignal;
  /** Limit for the whole import with its retries. */
  timeoutMs?: number;
}

export function importAgencies(
  client: AgencyDirectoryServiceClient<CallExtras>,
  header: DeepPartial<ImportHeader>,
  lines: readonly DeepPartial<ImportLine>[],
  timeoutMs: number,
  { signal, timeoutMs: wholeMs = timeoutMs }: ImportOptions = {},
): Promise<ImportAgenciesResponse> {
  const identified = { ...header, requestId: header.requestId || randomUUID() };
  async function* messages(): AsyncGenerator<DeepPartial<ImportAgenciesRequest>> {
    yield { content: { $case: 'header', value: identified } };
    for (const line of lines) yield { content: { $case: 'line', value: line } };
  }
  return retryUntilSuccess(
    (remainingMs) => client.importAgencies(messages(), { signal, timeoutMs: remainingMs }),
    wholeMs,
    signal,
  );
}
