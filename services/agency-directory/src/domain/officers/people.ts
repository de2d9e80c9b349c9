import type { Officer, Posting } from '@lienthong/contracts/directory';
import type { ImmutableMap } from '@lienthong/eventlog';
import { postingsOf, type Span } from '@lienthong/reference-data';
import type { Register } from '../register.ts';
import { overlap } from '../span.ts';
import { followAgencies, markSuccessions, withPostings } from './postings.ts';

export type OfficerChangeType = 'OfficerAppointed' | 'OfficerMoved' | 'OfficerRelieved';

export interface VersionedOfficer {
  officer: Officer;
  /** Of the last event. */
  version: number;
}

export interface OfficerChange extends VersionedOfficer {
  type: OfficerChangeType;
}

/** The officers that a command needs, as it would leave them. */
export class People {
  readonly #register: Register;
  readonly #versions = new Map<string, number>();
  readonly #officers = new Map<string, Officer>();
  readonly #byAgency = new Map<string, Set<string>>();
  readonly #changes = new Map<string, OfficerChange>();

  /** @param register as the command leaves it */
  constructor(register: Register, stored: ImmutableMap<string, VersionedOfficer>) {
    this.#register = register;
    for (const { officer, version } of stored.entries().values()) {
      this.#versions.set(officer.id, version);
      this.#keep(officer);
    }
  }

  get(id: string): Officer | undefined {
    return this.#officers.get(id);
  }

  /** Those with a posting at the agency, whenever it begins and ends. */
  at(agencyId: string): Officer[] {
    return [...(this.#byAgency.get(agencyId) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  /** Somebody other than `exceptId` who is head of the agency at some time of the span, and that posting. */
  otherHead(
    agencyId: string,
    span: Span,
    exceptId: string,
  ): { officer: Officer; posting: Posting } | undefined {
    for (const officer of this.at(agencyId)) {
      const posting = postingsOf(officer).find(
        (one) => one.head && one.agencyId === agencyId && overlap(one, span),
      );
      if (posting && officer.id !== exceptId) return { officer, posting };
    }
    return undefined;
  }

  /** Records an officer's postings, continued at the successors of agencies that end. */
  put(type: OfficerChangeType, officer: Officer, postings: readonly Posting[]): Officer {
    const followed = followAgencies(this.#register, postings);
    const next = withPostings(officer, markSuccessions(this.#register, followed));
    const version = (this.#versions.get(officer.id) ?? 0) + 1;
    // An officer has one event of a command: what happened to them first, with the record as it is in the end.
    const first = this.#changes.get(officer.id)?.type ?? type;
    this.#changes.set(officer.id, { type: first, officer: next, version });
    this.#keep(next);
    return next;
  }

  /** One for each officer that the command changes. */
  get changes(): OfficerChange[] {
    return [...this.#changes.values()];
  }

  /** The index only grows: it names candidates, and the officer's record decides. */
  #keep(officer: Officer): void {
    this.#officers.set(officer.id, officer);
    for (const { agencyId } of postingsOf(officer)) {
      const ids = this.#byAgency.get(agencyId);
      if (ids) ids.add(officer.id);
      else this.#byAgency.set(agencyId, new Set([officer.id]));
    }
  }
}
