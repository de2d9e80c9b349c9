import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { nameOf } from '../text/agency.ts';
import { WHO } from './person.ts';
import { query } from './query-client.ts';

const ME = query(WHO, {});

export interface Me {
  officerId: string;
  fullName: string;
  position: string;
  agencyId: string;
  agencyName: string;
  agency: directory.Agency | undefined;
  roles: readonly string[];
}

/** Who has signed in; undefined until the platform has said so. */
export function useMe(): Me | undefined {
  const { data } = useQuery({ ...ME, staleTime: 5 * 60_000 });
  if (data === undefined) return undefined;
  const { officerId, officer, agency, roles } = data;
  return {
    officerId,
    fullName: officer?.fullName ?? officerId,
    position: officer?.position ?? '',
    agencyId: agency?.id ?? '',
    agencyName: agency === undefined ? '' : nameOf(agency),
    agency,
    roles,
  };
}

/** Whose page this is: the first who was signed in. */
export function useOwner(): string | undefined {
  const officerId = useMe()?.officerId;
  const first = useRef(officerId);
  first.current ??= officerId;
  return first.current;
}

export const meQuery = ME;
