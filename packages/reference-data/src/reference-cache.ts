import type { Reader } from '@lienthong/kit';
import { type AgencyCache, createAgencyCache } from './agencies/copy.ts';
import { type CalendarCache, createCalendarCache } from './calendars/copy.ts';
import { createOfficerCache, type OfficerCache } from './officers/copy.ts';

/** Every kind of reference data in this process's memory, for services that need all of them. */
export interface ReferenceCache {
  agencies: AgencyCache;
  officers: OfficerCache;
  calendars: CalendarCache;
  /** Brings every kind up to date in one flight. Resolves to true when something had changed. */
  refresh(reader: Reader): Promise<boolean>;
}

export function createReferenceCache(): ReferenceCache {
  const agencies = createAgencyCache();
  const kinds = { agencies, officers: createOfficerCache(), calendars: createCalendarCache(agencies) };
  return {
    ...kinds,
    async refresh(reader) {
      const changed = await Promise.all(Object.values(kinds).map((kind) => kind.refresh(reader)));
      return changed.includes(true);
    },
  };
}
