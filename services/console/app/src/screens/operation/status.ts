import { useQueries, useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { everyService, type Status } from './every-service.ts';
import { type Found, TILE_MS } from './tile.tsx';

const statusOf = (service?: string) => ({
  ...query('operations.v1.OperationsService/GetStatus', {}, service),
  refetchInterval: TILE_MS,
});

/** Those of an installation, each in processes of its own or all in one. */
const SERVICES = [
  'agency-directory',
  'procedure-registry',
  'document-routing',
  'casework',
  'feed',
  'notification',
  'audit',
  'traces',
] as const;

/** Of all services: those that the first process does not run are called by their names. */
export function useStatus(): Found<Status> {
  const first = useQuery(statusOf());
  const here = new Set(first.data?.services.map(({ service }) => service));
  const elsewhere = first.data === undefined ? [] : SERVICES.filter((service) => !here.has(service));
  const others = useQueries({ queries: elsewhere.map((service) => statusOf(service)) });
  const replies = [first, ...others].flatMap(({ data, isError }) =>
    data === undefined || isError ? [] : [data],
  );
  const waiting = elsewhere.filter((_, n) => others[n]?.isPending);
  return {
    data: first.data && everyService(SERVICES, replies, waiting),
    error: first.error,
    isPending: first.isPending,
    refetch: first.refetch,
  };
}
