import { Procedure } from '@lienthong/contracts/registry';
import type { Tx } from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import type { Command } from '../domain/command.ts';
import type { History } from '../domain/procedure.ts';
import type { RegistryState } from '../domain/state.ts';
import { basisOf, readRevision } from './revision.ts';

/**
 * Reads what a batch of commands needs, in one flight, behind the lock of the registry's one row: versions are
 * checked against one another, so changes come one batch after the other. They are rare.
 */
export async function loadState(
  tx: Tx,
  agencies: AgencyCache,
  commands: readonly Command[],
): Promise<RegistryState> {
  const [, revision, , histories] = await Promise.all([
    tx.query({ name: 'lock_registry', text: 'select from registry where only_row for update' }),
    readRevision(tx),
    agencies.refresh(tx),
    readHistories(tx, wantedBy(commands)),
  ]);
  return { agencies, basis: basisOf(revision, agencies), histories };
}

interface Wanted {
  codes: string[];
  /** Of versions. */
  ids: string[];
  /** Ids of versions whose sub-procedures are looked at, however deep. */
  checked: string[];
  /** Ids of versions whose callers are looked at. */
  repealed: string[];
}

function wantedBy(commands: readonly Command[]): Wanted {
  const wanted: Wanted = { codes: [], ids: [], checked: [], repealed: [] };
  for (const command of commands) {
    if (command.kind === 'draft' || command.kind === 'import-record')
      wanted.codes.push(command.definition.code);
    else if (command.kind === 'import')
      wanted.codes.push(...command.definitions.map((one) => one.definition.code));
    else {
      wanted.ids.push(command.procedureId);
      if (command.kind === 'validate' || command.kind === 'publish') wanted.checked.push(command.procedureId);
      if (command.kind === 'repeal') wanted.repealed.push(command.procedureId);
    }
  }
  return wanted;
}

interface HistoryRow {
  code: string;
  id: string;
  last_event: number;
  /** Null in the one row of a code that has no version: its only draft was discarded. */
  record: Buffer | null;
}

/** Whole histories by code. */
async function readHistories(
  tx: Tx,
  { codes, ids, checked, repealed }: Wanted,
): Promise<Map<string, History>> {
  const rows = await tx.query<HistoryRow>({
    name: 'read_histories',
    // `reach` follows sub-procedures through every version that was published; `callers` are those that have what is
    // repealed as a sub-procedure (index version_calls).
    text: `with recursive reach (code) as (
               select unnest(calls) from version where id = any($3::uuid[])
               union
               select unnest(v.calls) from reach join version v on v.code = reach.code and v.effective_on is not null),
             callers (code) as (
               select v.code from version gone join version v on v.calls @> array[gone.code]
                where gone.id = any($4::uuid[])),
             wanted (code) as (
               select unnest($1::text[])
               union select code from version where id = any($2::uuid[])
               union select code from reach
               union select code from callers)
           select p.code, p.id, p.last_event, v.record
             from wanted join procedure p using (code) left join version v using (code)
            order by p.code, v.version`,
    values: [codes, ids, checked, repealed],
  });
  const histories = new Map<string, History>();
  for (const { code, id, last_event: lastEvent, record } of rows) {
    const history = histories.get(code) ?? { id, code, lastEvent, versions: [] };
    const versions = record ? [...history.versions, Procedure.decode(record)] : [];
    histories.set(code, { ...history, versions });
  }
  return histories;
}
