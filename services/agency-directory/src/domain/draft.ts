import type { AgencyCode } from '@lienthong/contracts/common';
import type { Agency, Succession } from '@lienthong/contracts/directory';
import { isInForce } from '@lienthong/reference-data';
import type { Ref, Reorganise } from './command.ts';
import type { Fault, Problem } from './problem.ts';
import { life, nameOf, type Register } from './register.ts';
import { dayBefore } from './span.ts';

export type ChangeType =
  | 'AgencyEstablished'
  | 'AgencyRenamed'
  | 'AgencyMoved'
  | 'AgencyUpdated'
  | 'AgencyEnded';

export interface Change {
  type: ChangeType;
  /** The whole record after the change. */
  agency: Agency;
}

/** A reorganisation in progress: the register as it would become, and the problems found so far. */
export class Draft {
  readonly effectiveOn: string;
  readonly legalBasis: string;
  /** As it was before the command; codes in references are resolved here. */
  readonly before: Register;
  readonly register: Register;
  readonly changes: Change[] = [];
  readonly keys = new Map<string, string>();
  readonly #broken: Set<string>;
  readonly #faults: Fault[];
  readonly #origins = new Map<object, { index: number | undefined; field: string }>();
  #index: number | undefined = 0;
  #field = '';

  constructor(register: Register, command: Reorganise) {
    this.before = register;
    this.register = register.fork();
    this.effectiveOn = command.effectiveOn;
    this.legalBasis = command.legalBasis;
    this.#broken = new Set(command.brokenKeys);
    this.#faults = [...(command.faults ?? [])];
  }

  /** Sets the part, or the place of an officer, that the next problems and changes belong to. */
  at({ index, field }: { index?: number; field: string }): void {
    this.#index = index;
    this.#field = field;
  }

  problem(field: string, problem: Omit<Problem, 'field'>): void {
    this.#faults.push({ index: this.#index, problem: { ...problem, field: this.path(field) } });
  }

  /** Reports a problem of a fact that a part of this command made and `own` recorded. */
  problemOf(fact: object, problem: Omit<Problem, 'field'>): void {
    const origin = this.#origins.get(fact);
    if (!origin) throw new Error(`no part of this command made ${JSON.stringify(fact)}`);
    this.#faults.push({ index: origin.index, problem: { ...problem, field: origin.field } });
  }

  /** In the order of the parts. */
  get faults(): Fault[] {
    return this.#faults.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
  }

  /** Remembers which field of the current part made a fact. */
  own<F extends object>(fact: F, field: string): F {
    this.#origins.set(fact, { index: this.#index, field: this.path(field) });
    return fact;
  }

  /** The position of the part that made a fact; undefined when it was there before. */
  origin(fact: object): number | undefined {
    return this.#origins.get(fact)?.index;
  }

  path(field: string): string {
    return [this.#field, field].filter((piece) => piece !== '').join('.');
  }

  /** Marks a key whose part is refused, so that references to it are not reported again. */
  breakKey(key: string): void {
    if (key !== '') this.#broken.add(key);
  }

  /** Puts an agency's next record on the register; `field` is where the current part names the agency. */
  record(type: ChangeType, agency: Agency, field = 'agency'): void {
    const next = this.own({ ...agency, version: agency.version + 1n }, field);
    this.register.put(next);
    this.changes.push({ type, agency: next });
  }

  /**
   * The agency a reference names, as it stands now in this draft. A code is looked up in the register as it was
   * before the command, on the day before `on` and, for agencies still there, on that date. Undefined: a problem is on
   * record already.
   */
  find(ref: Ref, field: string, on = this.effectiveOn): Agency | undefined {
    switch (ref.by) {
      case 'id': {
        const agency = this.register.get(ref.id);
        if (!agency) {
          this.problem(field, {
            kind: 'not-found',
            reason: 'UNKNOWN_AGENCY',
            description: `there is no agency ${ref.id}`,
          });
        }
        return agency;
      }
      case 'key': {
        const id = this.keys.get(ref.key);
        if (id !== undefined) return this.register.get(id);
        if (!this.#broken.has(ref.key)) {
          this.problem(field, {
            kind: 'invalid-argument',
            reason: 'UNKNOWN_KEY',
            description: `no part of this request has the key "${ref.key}"`,
          });
        }
        return undefined;
      }
      case 'code': {
        const id = this.#idByCode(ref, field, on);
        return id === undefined ? undefined : this.register.get(id);
      }
    }
  }

  #idByCode({ code }: Ref & { by: 'code' }, field: string, on: string): string | undefined {
    const earlier = this.before.resolve(code, dayBefore(on));
    const later = this.before.resolve(code, on);
    const gone = earlier !== undefined && !isInForce(life(earlier), on);
    if (earlier && later && earlier.id !== later.id && !gone) {
      this.problem(field, {
        kind: 'failed-precondition',
        reason: 'AMBIGUOUS_CODE',
        description:
          `${code.scheme} code ${code.code} passes from ${nameOf(earlier)} (${earlier.id}) ` +
          `to ${nameOf(later)} (${later.id}) on ${on}; name the agency by its id`,
      });
      return undefined;
    }
    const found = gone ? (later ?? earlier) : (earlier ?? later);
    if (!found) this.problem(field, unknownCode(this.before.holders(code).length > 0, code, on));
    return found?.id;
  }

  /** The agency that a part changes; it must exist on the effective date. */
  subject(ref: Ref, field: string): Agency | undefined {
    const agency = this.find(ref, field);
    if (!agency) return undefined;
    const problem = notThere(agency, this.effectiveOn);
    if (!problem) return agency;
    this.problem(field, problem);
    return undefined;
  }

  get successions(): Succession[] {
    return this.changes.flatMap(({ type, agency }) => (type === 'AgencyEnded' ? agency.successors : []));
  }
}

/** The problem of an agency that does not exist on a date; undefined when it exists. */
export function notThere(agency: Agency, on: string): Omit<Problem, 'field'> | undefined {
  if (on < agency.establishedOn) {
    return {
      kind: 'failed-precondition',
      reason: 'AGENCY_NOT_YET_ESTABLISHED',
      description: `${nameOf(agency)} is established on ${agency.establishedOn}; use that date or a later one`,
    };
  }
  if (agency.endedOn !== '' && agency.endedOn <= on) {
    return {
      kind: 'failed-precondition',
      reason: 'AGENCY_ENDED',
      description: `${nameOf(agency)} ends on ${agency.endedOn}; use an earlier date or another agency`,
    };
  }
  return undefined;
}

/** The problem of a code that names no agency at a date; `known`: some agency has it at another date. */
export function unknownCode(known: boolean, code: AgencyCode, on: string): Omit<Problem, 'field'> {
  return {
    kind: 'not-found',
    reason: known ? 'CODE_NOT_VALID_AT_DATE' : 'UNKNOWN_CODE',
    description: known
      ? `no agency has the ${code.scheme} code ${code.code} ${on === '' ? 'at the beginning of the register' : `on ${on}`}; check the date`
      : `no agency has or had the ${code.scheme} code ${code.code}; check the code`,
  };
}
