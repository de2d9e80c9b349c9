import { QueryClient } from '@tanstack/react-query';
import { call, type Method, type Request } from './call.ts';
import { problemOf } from './problem.ts';

const RETRIES = 2;
const STALE_MS = 15_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // What is refused is refused again; a server that is away comes back, and then everything is read again.
      retry: (failures, error) => problemOf(error).mayPass && failures < RETRIES,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** A method's reply under a key that begins with its service, so that what is written makes the right replies stale. */
export const query = <M extends Method>(method: M, request: Request<M>, service?: string) => ({
  queryKey: [serviceOf(method), method, request, service] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => call(method, request, signal, service),
});

/** "routing.v1.DocumentRoutingService/ListInbox" → "routing". */
export const serviceOf = (method: string): string => method.slice(0, method.indexOf('.'));

/** What screens show of these services is read again. */
export const refresh = (...services: readonly string[]): void => {
  for (const service of services) void queryClient.invalidateQueries({ queryKey: [service] });
};
