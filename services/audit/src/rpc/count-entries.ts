import type { CountEntriesRequest, CountEntriesResponse } from '@lienthong/contracts/audit';
import type { CallInfo, Database } from '@lienthong/kit';
import { countEntries as count } from '../store/find.ts';
import { readFilter } from './filter.ts';

export const countEntries =
  (db: Database) =>
  async (request: CountEntriesRequest, info: CallInfo): Promise<CountEntriesResponse> => ({
    count: BigInt(await count(db, readFilter(request.filter, info))),
  });
