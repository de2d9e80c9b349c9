import { randomUUID } from 'node:crypto';
import type {
  AgencyDirectoryServiceClient,
  AppointmentLine,
  AppointOfficersResponse,
  DeepPartial,
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

type Client = AgencyDirectoryServiceClient<CallExtras>;

/** Uploads of a header and lines, all or nothing, each with the same request_id however often it is tried. */
export function createImports(client: Client, timeoutMs: number) {
  const upload = <P>(
    send: (options: { signal: AbortSignal | undefined; timeoutMs: number }) => Promise<P>,
    { signal, timeoutMs: wholeMs = timeoutMs }: ImportOptions,
  ): Promise<P> =>
    retryUntilSuccess((remainingMs) => send({ signal, timeoutMs: remainingMs }), wholeMs, signal);

  return {
    importAgencies(
      header: DeepPartial<ImportHeader>,
      lines: readonly DeepPartial<ImportLine>[],
      more: ImportOptions = {},
    ): Promise<ImportAgenciesResponse> {
      const whole = { ...header, requestId: header.requestId || randomUUID() };
      return upload((options) => client.importAgencies(messages(whole, lines), options), more);
    },
    appointOfficers(
      lines: readonly DeepPartial<AppointmentLine>[],
      { requestId = randomUUID(), ...more }: ImportOptions & { requestId?: string } = {},
    ): Promise<AppointOfficersResponse> {
      return upload((options) => client.appointOfficers(messages({ requestId }, lines), options), more);
    },
  };
}

async function* messages<H, L>(header: H, lines: readonly L[]) {
  yield { content: { $case: 'header' as const, value: header } };
  for (const line of lines) yield { content: { $case: 'line' as const, value: line } };
}
