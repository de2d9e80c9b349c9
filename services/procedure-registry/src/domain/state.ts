import type { Agency } from '@lienthong/contracts/directory';
import type { Procedure } from '@lienthong/contracts/registry';
import type { AgencyRegister } from '@lienthong/reference-data/pure';
import type { VersionChange } from './events.ts';
import type { History } from './procedure.ts';

/** What a command is decided on: read under the registry's lock, with the changes of the batch's earlier commands. */
export interface RegistryState {
  agencies: AgencyRegister & { all(): Iterable<Agency> };
  /** Another text for every other state of the register and the agencies; undefined once a command of the batch has changed it. */
  basis: string | undefined;
  /** By code: the procedures that the batch names, their sub-procedures, and those that call a repealed one. */
  histories: ReadonlyMap<string, History>;
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

/** The registry changes rarely, so a batch seldom has a second command: a copy of its few histories costs little. */
export function evolve(state: RegistryState, changes: readonly VersionChange[]): RegistryState {
  const histories = new Map(state.histories);
  for (const { historyId: id, code, lastEvent, procedureId, procedure } of changes) {
    const before = histories.get(code) ?? { id, code, lastEvent: 0, versions: [] };
    const others = before.versions.filter((one) => one.id !== procedureId);
    const versions = procedure ? [...others, procedure].sort((a, b) => a.version - b.version) : others;
    histories.set(code, { ...before, lastEvent, versions });
  }
  return { ...state, basis: undefined, histories };
}
