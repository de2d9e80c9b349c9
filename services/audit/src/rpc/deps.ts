import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import {
  agencyRequired,
  type Caller,
  type Database,
  isUuid,
  methodsWith,
  type Policy,
  refuse,
} from '@lienthong/kit';
import type { ReadNodes } from '@lienthong/transparency-log';

/** What the handlers depend on. */
export interface Deps {
  db: Database;
  /** The name of the log. */
  origin: string;
  /** The tree of a published size. */
  nodesOf(size: number): ReadNodes;
}

export const { methods: Audit } = AuditServiceDefinition;
export const { query, list, download } = methodsWith<Deps>();

/** Entries hold the text of letters: those may read them who handle or answer for all letters of an agency. */
export const READS_ENTRIES: Policy = { anyOf: ['clerk', 'leader', 'admin', 'auditor'] };

/**
 * The agency whose entries a caller sees; undefined: all. Only the platform's own administrators and auditors, whose
 * tokens name no agency, see all: an agency gives its officers roles for itself alone, of whatever tier it is.
 * Refuses: AGENCY_REQUIRED.
 */
export function agencySeen({ roles, agencyId }: Caller): string | undefined {
  if (agencyId === '' && (roles.includes('admin') || roles.includes('auditor'))) return undefined;
  return isUuid(agencyId) ? agencyId : refuse(agencyRequired);
}
