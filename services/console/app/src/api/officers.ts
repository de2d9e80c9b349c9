import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { useMe } from './me.ts';
import { query } from './query-client.ts';

/** The officers of the person's own agency. */
export function useColleagues(): readonly directory.Officer[] {
  const me = useMe();
  const { data } = useQuery({
    ...query('directory.v1.AgencyDirectoryService/ListOfficers', {
      agencyId: me?.agencyId ?? '',
      pageSize: 200,
    }),
    enabled: me !== undefined && me.agencyId !== '',
  });
  return data?.officers ?? [];
}
