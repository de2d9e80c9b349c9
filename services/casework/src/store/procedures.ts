import { Procedure } from '@lienthong/contracts/registry';
import type { Tx } from '@lienthong/kit';
import { followCopies, type Kind, type Refreshed, saveCopies } from '@lienthong/reference-data';
import { type CompiledProcedure, compileProcedure, type ProcedureBook } from '../domain/dossier/procedure.ts';

const PROCEDURES: Kind<Procedure> = { table: 'procedure', codec: Procedure };

export interface VersionedProcedure {
  procedure: Procedure;
  /** The version of the event that carried it; grows within a procedure code. */
  version: number;
}

export function saveProcedures(tx: Tx, procedures: readonly VersionedProcedure[]): void {
  saveCopies(
    tx,
    PROCEDURES,
    procedures.map(({ procedure, version }) => ({ id: procedure.id, version, record: procedure })),
  );
}

/** The procedures of the copy, as the registry published them. */
export interface ProcedureRecords {
  record(procedureId: string): Procedure | undefined;
}

/** The procedures in this process's memory, each compiled when it is first used. */
export interface ProcedureCache extends ProcedureBook, ProcedureRecords, Refreshed {}

interface Kept {
  procedure: Procedure;
  version: number;
  compiled: CompiledProcedure | undefined;
}

export function createProcedureCache(): ProcedureCache {
  const byId = new Map<string, Kept>();
  const byCode = new Map<string, Set<string>>();

  function put(procedure: Procedure, version: number): void {
    const before = byId.get(procedure.id);
    if (before && before.version >= version) return;
    byId.set(procedure.id, { procedure, version, compiled: undefined });
    const versions = byCode.get(procedure.code);
    if (versions) versions.add(procedure.id);
    else byCode.set(procedure.code, new Set([procedure.id]));
  }

  function compiled(kept: Kept): CompiledProcedure {
    kept.compiled ??= compileProcedure(kept.procedure);
    return kept.compiled;
  }

  return {
    record: (procedureId) => byId.get(procedureId)?.procedure,
    byId(procedureId) {
      const kept = byId.get(procedureId);
      return kept && compiled(kept);
    },
    inForce(code, date) {
      for (const id of byCode.get(code) ?? []) {
        const kept = byId.get(id);
        if (kept && isInForce(kept.procedure, date)) return compiled(kept);
      }
      return undefined;
    },
    ...followCopies(PROCEDURES, put),
  };
}

const isInForce = ({ effectiveOn, endedOn }: Procedure, date: string): boolean =>
  effectiveOn !== '' && effectiveOn <= date && (endedOn === '' || date < endedOn);
