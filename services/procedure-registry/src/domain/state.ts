import type { Agency } from '@lienthong/contracts/directory';
import type { Procedure } from '@lienthong/contracts/registry';
import type { AgencyRegister } from '@lienthong/reference-data';
import { procedureIn, type RegistryEvent } from './events.ts';
import type { History } from './procedure.ts';

/** What one batch of commands stands on: read under the registry's lock, moved on by every event of the batch. */
export interface RegistryState {
  agencies: AgencyRegister & { all(): Iterable<Agency> };
  /** By code: those the batch names, those they reach as sub-procedures, and those that would miss what is repealed. */
  histories: Map<string, History>;
}

export function findVersion(
  state: RegistryState,
  id: string,
): { history: History; version: Procedure } | undefined {
  for (const history of state.histories.values()) {
    const version = history.versions.find((one) => one.id === id);
    if (version) return { history, version };
  }
  return undefined;
}

export function evolve(state: RegistryState, event: RegistryEvent): void {
  const { type, version: lastEvent } = event;
  if (type === 'lienthong.registry.v1.ProcedureDraftDiscarded') {
    const { code, procedureId } = event.payload;
    const history = state.histories.get(code);
    if (!history) throw new Error(`${type} of ${code}, which was not loaded`);
    const versions = history.versions.filter((one) => one.id !== procedureId);
    state.histories.set(code, { ...history, lastEvent, versions });
    return;
  }
  const procedure = procedureIn(event) as Procedure;
  const { code } = procedure;
  const before = state.histories.get(code) ?? { id: event.aggregateId, code, lastEvent: 0, versions: [] };
  const others = before.versions.filter((one) => one.id !== procedure.id);
  const versions = [...others, procedure].sort((a, b) => a.version - b.version);
  state.histories.set(code, { ...before, lastEvent, versions });
}
