import { Agency } from '@lienthong/contracts/directory';
import type { Sql } from '@lienthong/kit';
import { type AgencyRegister, type CodeHolding, DEFAULT_SCHEME, mainSuccession } from '../domain/agencies.ts';

/** What reads: the database or a transaction. */
export interface Reader {
  query<R>(sql: Sql): Promise<R[]>;
}

/** The agencies in this process's memory, brought up to date from the agency table before every use. */
export interface AgencyCache extends AgencyRegister {
  /**
   * Reads what changed since the last time: one probe of an index when nothing did.
   * Resolves to true when something had changed.
   */
  refresh(reader: Reader): Promise<boolean>;
  all(): Iterable<Agency>;
  /** Grows with every change seen. */
  revision(): number;
}

interface Row {
  revision: number;
  record: Buffer;
}

export function createAgencyCache(): AgencyCache {
  const agencies = new Map<string, Agency>();
  const codes = new Map<string, CodeHolding[]>();
  const predecessors = new Map<string, string[]>();
  let revision = 0;

  function put(agency: Agency): void {
    const before = agencies.get(agency.id);
    // Two transactions may bring the same rows, the one with the older ones last.
    if (before && before.version >= agency.version) return;
    if (before) forget(before);
    agencies.set(agency.id, agency);
    for (const { code, validFrom, validTo } of agency.identifiers)
      if (code) push(codes, codeKey(code.scheme, code.code), { agencyId: agency.id, validFrom, validTo });
    const successor = mainSuccession(agency)?.successorId;
    if (successor) push(predecessors, successor, agency.id);
  }

  function forget(agency: Agency): void {
    for (const { code } of agency.identifiers) {
      if (code === undefined) continue;
      const key = codeKey(code.scheme, code.code);
      codes.set(
        key,
        (codes.get(key) ?? []).filter((one) => one.agencyId !== agency.id),
      );
    }
    const successor = mainSuccession(agency)?.successorId;
    if (successor)
      predecessors.set(
        successor,
        (predecessors.get(successor) ?? []).filter((id) => id !== agency.id),
      );
  }

  return {
    get: (id) => agencies.get(id),
    holdings: (scheme, code) => codes.get(codeKey(scheme, code)) ?? [],
    mainPredecessors: (id) => predecessors.get(id) ?? [],
    all: () => agencies.values(),
    revision: () => revision,
    async refresh(reader) {
      const rows = await reader.query<Row>({
        name: 'agencies_changed_since',
        text: 'select revision, record from agency where revision > $1',
        values: [revision],
      });
      for (const row of rows) {
        put(Agency.decode(row.record));
        revision = Math.max(revision, row.revision);
      }
      return rows.length > 0;
    },
  };
}

const codeKey = (scheme: string, code: string): string => `${scheme || DEFAULT_SCHEME} ${code}`;

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
