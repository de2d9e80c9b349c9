import { randomUUID } from 'node:crypto';
import { connectAgency } from '@lienthong/client';
import { Channel } from '@lienthong/contracts/registry';
import type { Agency } from '../agencies.ts';
import { lodging } from '../procedure.ts';
import type { Target } from '../target.ts';

const MINUTE = 60_000;

/** Dossiers a second that one system moves in: from the first line that it sends until the last dossier has come. */
export async function importsPerSecond(
  target: Target,
  { id: agencyId, code }: Agency,
  count: number,
): Promise<number> {
  const token = await target.token({ agencyId, officerId: 'bench', roles: ['system'] });
  const client = connectAgency({ address: target.address, token: () => token, attemptTimeoutMs: 30_000 });
  const lodgedAt = new Date(Date.now() - 60 * MINUTE);
  const { procedureCode, applicant } = lodging();
  const dossiers = Array.from({ length: count }, (_, n) => ({
    ...{ procedureCode, applicant, lodgedAt },
    code: `${code}-250101-${String(n + 1).padStart(4, '0')}`,
    channel: Channel.IN_PERSON,
    intake: { code },
    acts: [
      { at: new Date(lodgedAt.getTime() + MINUTE), act: { $case: 'accepted' as const, value: {} } },
      {
        at: new Date(lodgedAt.getTime() + 2 * MINUTE),
        act: { $case: 'completed' as const, value: { blockKey: 'step-1', outcome: 'done' } },
      },
    ],
  }));
  try {
    const begun = performance.now();
    await client.importDossiers({ importId: randomUUID(), system: 'Một cửa cũ', dossiers });
    return count / ((performance.now() - begun) / 1_000);
  } finally {
    client.close();
  }
}
