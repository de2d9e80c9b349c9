import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { nameOf } from '../../text/agency.ts';

/** The name of an agency; its id until it is known. */
export function AgencyName({ agencyId }: { agencyId: string }) {
  const found = useQuery(query('directory.v1.AgencyDirectoryService/GetAgency', { agencyId }));
  const agency = found.data?.agency;
  return agency === undefined ? agencyId : nameOf(agency);
}
