import type { Agency } from '@lienthong/contracts/directory';
import { type AgencyRegister, type CodeHolding, DEFAULT_SCHEME, mainSuccession } from './agencies.ts';

/** A register in memory: the newest version of each agency, found by id, by code and by successor. */
export interface AgencyBook extends AgencyRegister {
  /** Keeps an agency unless the same or a newer version is there. */
  put(agency: Agency): void;
  all(): Iterable<Agency>;
}

export function agencyBook(): AgencyBook {
  const agencies = new Map<string, Agency>();
  const codes = new Map<string, CodeHolding[]>();
  const predecessors = new Map<string, string[]>();

  function add(agency: Agency): void {
    agencies.set(agency.id, agency);
    for (const { code, validFrom, validTo } of agency.identifiers)
      if (code) push(codes, codeKey(code.scheme, code.code), { agencyId: agency.id, validFrom, validTo });
    const successor = mainSuccession(agency)?.successorId;
    if (successor) push(predecessors, successor, agency.id);
  }

  function forget(agency: Agency): void {
    for (const { code } of agency.identifiers)
      if (code) drop(codes, codeKey(code.scheme, code.code), (one) => one.agencyId === agency.id);
    const successor = mainSuccession(agency)?.successorId;
    if (successor) drop(predecessors, successor, (id) => id === agency.id);
  }

  return {
    get: (id) => agencies.get(id),
    holdings: (scheme, code) => codes.get(codeKey(scheme, code)) ?? [],
    mainPredecessors: (id) => predecessors.get(id) ?? [],
    all: () => agencies.values(),
    put(agency) {
      const before = agencies.get(agency.id);
      if (before && before.version >= agency.version) return;
      if (before) forget(before);
      add(agency);
    },
  };
}

const codeKey = (scheme: string, code: string): string => `${scheme || DEFAULT_SCHEME} ${code}`;

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function drop<T>(map: Map<string, T[]>, key: string, unwanted: (value: T) => boolean): void {
  const kept = (map.get(key) ?? []).filter((value) => !unwanted(value));
  if (kept.length > 0) map.set(key, kept);
  else map.delete(key);
}
