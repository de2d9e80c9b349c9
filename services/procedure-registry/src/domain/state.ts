import type { Agency } from '@lienthong/contracts/directory';
import type { Procedure } from '@lienthong/contracts/registry';
import type { AgencyRegister } from '@lienthong/reference-data';
import type { VersionChange } from './events.ts';
import type { History } from './procedure.ts';

/** What a batch of commands is decided on: read under the registry's lock, evolved by every decision of the batch. */
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

export function evolve(state: RegistryState, changes: readonly VersionChange[]): RegistryState {
  for (const { historyId: id, code, lastEvent, procedureId, procedure } of changes) {
    const before = state.histories.get(code) ?? { id, code, lastEvent: 0, versions: [] };
    const others = before.versions.filter((one) => one.id !== procedureId);
    const versions = procedure ? [...others, procedure].sort((a, b) => a.version - b.version) : others;
    state.histories.set(code, { ...before, lastEvent, versions });
  }
  return state;
}
