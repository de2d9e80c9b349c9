/** Who goes on with a dossier after the merger: the officers who moved with it, and nobody appointed for it. */
import type { AgencyClient } from '@lienthong/client';
import type { Dossier } from '@lienthong/contracts/casework';
import type { Officer } from '@lienthong/contracts/directory';
import { vietnamDate } from '@lienthong/kit';
import type { Case } from './ledger.ts';
import { MERGED_ON } from './plan.ts';

/** Compares the dossier that was begun before the merger with the officers of the successors that finished it. */
export async function verifyMovers(admin: AgencyClient, cases: Iterable<Case>): Promise<string[]> {
  const begun = [...cases].filter(({ conduct }) => conduct === 'begun before the merger');
  if (begun.length === 0) throw new Error('no dossier of the story was begun before the merger');
  const differences = await Promise.all(
    begun.map(async ({ seen }) => {
      const ids = new Set(afterMerger(seen).map(({ agency }) => agency?.agencyId ?? ''));
      const agencies = await Promise.all(
        [...ids].map(async (agencyId) => (await admin.directory.getAgency({ agencyId })).agency),
      );
      const successors = agencies.flatMap((one) => (one?.establishedOn === MERGED_ON ? one.id : []));
      const officers = successors.map((agencyId) => Array.fromAsync(admin.officers({ agencyId })));
      return moverDifferences(seen, new Set(successors), (await Promise.all(officers)).flat());
    }),
  );
  return differences.flat();
}

/** `officers` are those of the successors; the tasks of agencies that did not end are left out. */
export function moverDifferences(
  dossier: Pick<Dossier, 'code' | 'tasks'>,
  successors: ReadonlySet<string>,
  officers: readonly Officer[],
): string[] {
  const { code } = dossier;
  const tasks = afterMerger(dossier).filter(({ agency }) => successors.has(agency?.agencyId ?? ''));
  if (tasks.length === 0) return [`${code}: no successor did a task after the merger`];
  const moved = new Set(
    officers
      .filter(({ afterEnd, validFrom }) => afterEnd && validFrom === MERGED_ON)
      .map(({ id, agencyId }) => `${id} ${agencyId}`),
  );
  const appointed = officers.filter(
    ({ validFrom, earlier }) => validFrom >= MERGED_ON && earlier.length === 0,
  );
  return [
    ...tasks
      .filter(({ closedBy, agency }) => !moved.has(`${closedBy} ${agency?.agencyId}`))
      .map(({ number }) => `${code}: task ${number} was done by an officer who did not move with the merger`),
    ...appointed.map(
      ({ position }) => `${code}: a ${position} was appointed at a successor that works on it`,
    ),
  ];
}

/** The tasks that officers closed after the merger. */
const afterMerger = ({ tasks }: Pick<Dossier, 'tasks'>) =>
  tasks.filter(({ closedAt, closedBy }) => closedAt && closedBy !== '' && vietnamDate(closedAt) >= MERGED_ON);
