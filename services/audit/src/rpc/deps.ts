import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { type Database, methodsWith } from '@lienthong/kit';

/** What the handlers depend on. */
export interface Deps {
  db: Database;
}

export const { methods: Audit } = AuditServiceDefinition;
export const { query, list } = methodsWith<Deps>();
