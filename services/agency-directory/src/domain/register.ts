import type { AgencyCode } from '@lienthong/contracts/common';
import type { Agency } from '@lienthong/contracts/directory';
import { isInForce, type Span } from '@lienthong/reference-data';

/**
 * The agencies a command may touch, found by id, code, parent and successor.
 * A fork sees what its origin holds and keeps its own changes to itself.
 *
 * The indexes only ever grow: they name candidates, and the agency's record decides.
 */
export class Register {
  readonly #origin: Register | undefined;
  readonly #agencies = new Map<string, Agency>();
  readonly #byCode = new Map<string, Set<string>>();
  readonly #byParent = new Map<string, Set<string>>();
  readonly #bySuccessor = new Map<string, Set<string>>();

  constructor(origin?: Register) {
    this.#origin = origin;
  }

  fork(): Register {
    return new Register(this);
  }

  /** A register with these records; this one stays as it is. */
  with(agencies: readonly Agency[]): Register {
    if (agencies.length === 0) return this;
    const next = this.fork();
    for (const agency of agencies) next.put(agency);
    return next;
  }

  get(id: string): Agency | undefined {
    return this.#agencies.get(id) ?? this.#origin?.get(id);
  }

  put(agency: Agency): void {
    this.#agencies.set(agency.id, agency);
    for (const { code } of agency.identifiers) if (code) add(this.#byCode, codeKey(code), agency.id);
    for (const { parentId } of agency.placements)
      if (parentId !== '') add(this.#byParent, parentId, agency.id);
    for (const { successorId } of agency.successors) add(this.#bySuccessor, successorId, agency.id);
  }

  ids(): Set<string> {
    return new Set([...(this.#origin?.ids() ?? []), ...this.#agencies.keys()]);
  }

  /** Everyone who has, had or will have a code. */
  holders(code: AgencyCode): Agency[] {
    return this.#records(this.#candidates((r) => r.#byCode.get(codeKey(code)))).filter((agency) =>
      agency.identifiers.some((identifier) => sameCode(identifier.code, code)),
    );
  }

  /** Who has a code at a date; never more than one. */
  resolve(code: AgencyCode, on: string): Agency | undefined {
    return this.holders(code).find((agency) =>
      agency.identifiers.some((identifier) => sameCode(identifier.code, code) && isInForce(identifier, on)),
    );
  }

  /** Who had a code last before a date on which nobody has it. */
  lastHolder(code: AgencyCode, on: string): Agency | undefined {
    let last: { agency: Agency; until: string } | undefined;
    for (const agency of this.holders(code))
      for (const { code: own, validTo } of agency.identifiers)
        if (sameCode(own, code) && validTo !== '' && validTo <= on && (last?.until ?? '') < validTo)
          last = { agency, until: validTo };
    return last?.agency;
  }

  /** Everyone placed under an agency at some time. */
  children(id: string): Agency[] {
    return this.#records(this.#candidates((r) => r.#byParent.get(id)));
  }

  /** Everyone whose work went to an agency. */
  predecessors(id: string): Agency[] {
    return this.#records(this.#candidates((r) => r.#bySuccessor.get(id)));
  }

  #candidates(index: (register: Register) => ReadonlySet<string> | undefined): Set<string> {
    const above = this.#origin ? this.#origin.#candidates(index) : new Set<string>();
    for (const id of index(this) ?? []) above.add(id);
    return above;
  }

  #records(ids: Iterable<string>): Agency[] {
    const agencies: Agency[] = [];
    for (const id of ids) {
      const agency = this.get(id);
      if (agency) agencies.push(agency);
    }
    return agencies;
  }
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

const codeKey = (code: AgencyCode): string => `${code.scheme}:${code.code}`;

export const sameCode = (a: AgencyCode | undefined, b: AgencyCode | undefined): boolean =>
  a?.code === b?.code && a?.scheme === b?.scheme;

/** From the day an agency is established to the day it ends. */
export const life = (agency: Agency): Span => ({ validFrom: agency.establishedOn, validTo: agency.endedOn });

/** The name people know it by: the newest one. */
export const nameOf = (agency: Agency): string => agency.names.at(-1)?.name ?? agency.id;

/** The QD20 code in force at a date, or else the last one before it; empty when there is none. */
export function codeAt(agency: Agency, on: string): string {
  const codes = agency.identifiers.filter(({ code }) => code?.scheme === 'QD20');
  const found =
    codes.find((identifier) => isInForce(identifier, on)) ??
    codes.findLast(({ validFrom }) => validFrom <= on);
  return (found ?? codes[0])?.code?.code ?? '';
}
