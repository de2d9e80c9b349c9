import type { AgencyClient } from '@lienthong/client';
import { ProcedureState, type ProcedureSummary } from '@lienthong/contracts/registry';
import { Exit, Failure } from '../failure.ts';

const DRAFTS: readonly ProcedureState[] = [ProcedureState.DRAFT, ProcedureState.VALIDATED];

/** The draft of a code; undefined when it has none. */
export async function draftOf(client: AgencyClient, code: string): Promise<ProcedureSummary | undefined> {
  const { versions } = await client.procedures.listVersions({ code });
  return versions.find(({ state }) => DRAFTS.includes(state));
}

/** The draft of a code, or the version in force. @throws Failure */
export async function newestOf(client: AgencyClient, code: string): Promise<string> {
  const draft = await draftOf(client, code);
  if (draft) return draft.id;
  const { procedure } = await client.procedures.getProcedure({ code });
  if (procedure === undefined)
    throw new Failure(Exit.REFUSED, `${code} has no draft and no version in force`);
  return procedure.id;
}
