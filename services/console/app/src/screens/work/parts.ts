import { infiniteQueryOptions } from '@tanstack/react-query';
import { call, type Request } from '../../api/call.ts';
import type { Key } from '../../text/text.tsx';

type Filter = NonNullable<Request<'casework.v1.CaseworkService/ListWork'>['filter']>;

/** Parts of the work by whose it is. */
export const PARTS = {
  'cua-toi': { key: 'work.mine', filterOf: (officerId: string): Filter => ({ officerId }) },
  'chua-giao': { key: 'work.unassigned', filterOf: (): Filter => ({ unassigned: true }) },
  'qua-han': {
    key: 'work.overdue',
    filterOf: (): Filter => ({ urgencies: ['URGENCY_OVERDUE', 'URGENCY_ESCALATED'] }),
  },
  'co-quan': { key: 'work.agency', filterOf: (): Filter => ({}) },
} as const satisfies Record<string, { key: Key; filterOf: (officerId: string) => Filter }>;
export type Part = keyof typeof PARTS;
export const isPart = (text: string | undefined): text is Part =>
  text !== undefined && Object.hasOwn(PARTS, text);

const PAGE = 50;

/** Open tasks of a part, nearest deadline first. */
export const workList = (part: Part, officerId: string) =>
  infiniteQueryOptions({
    queryKey: ['casework', 'work', part, officerId] as const,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call(
        'casework.v1.CaseworkService/ListWork',
        { filter: PARTS[part].filterOf(officerId), pageSize: PAGE, pageToken: pageParam },
        signal,
      ),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    enabled: officerId !== '',
  });
