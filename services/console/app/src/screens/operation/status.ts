import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { TILE_MS } from './tile.tsx';

/** Of all services, as far as one process tells. */
export const useStatus = () =>
  useQuery({ ...query('operations.v1.OperationsService/GetStatus', {}), refetchInterval: TILE_MS });
