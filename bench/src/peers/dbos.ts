import { startProcess } from '../process.ts';
import { type Peer, versionOf } from './peer.ts';

/**
 * DBOS on the PostgreSQL of the bench: each command is a workflow whose one step changes the case in a table.
 * @param modules what `installPeers` returned
 * @param databaseUrl of a role that may create databases
 */
export async function startDbos(modules: string, databaseUrl: string): Promise<Peer> {
  const database = new URL(databaseUrl);
  database.pathname = '/dbos';
  const service = await startProcess(new URL('dbos-service.ts', import.meta.url), /listens (\S+)/, {
    PEER_MODULES: modules,
    PEER_DATABASE_URL: database.href,
  });
  return {
    name: `DBOS ${versionOf('@dbos-inc/dbos-sdk')}`,
    urlOf: (caseId, command) => new URL(`http://${service.line}/${command}/${caseId}`),
    stop: () => service.stop(),
  };
}
