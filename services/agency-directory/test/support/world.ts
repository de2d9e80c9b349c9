import { type AgencyClient, connectAgency } from '@lienthong/client';
import type { Caller } from '@lienthong/kit';
import {
  type ManualClock,
  manualClock,
  runTestServices,
  type TestStack,
  testStack,
} from '@lienthong/testkit';
import { agencyDirectory } from '../../src/service.ts';

export interface RunningDirectory {
  stack: TestStack;
  clock: ManualClock;
  admin: AgencyClient;
  /** Somebody without a token. */
  anybody: AgencyClient;
  as(caller: Caller): AgencyClient;
  stop(): Promise<void>;
}

export const ADMIN: Caller = { agencyId: '', officerId: 'quản trị', roles: ['admin'] };

/** The real service on a free port; its clock stands on 2026-01-15 in Vietnam. Several may share one stack. */
export async function runDirectory(shared?: TestStack): Promise<RunningDirectory> {
  const stack = shared ?? (await testStack());
  // 23:30 UTC on the 14th is already the 15th in Vietnam.
  const clock = manualClock('2026-01-14T23:30:00Z');
  const running = await runTestServices([agencyDirectory], stack, { clock });
  const clients: AgencyClient[] = [];
  const as = (caller: Caller): AgencyClient => {
    const token = async () => (await running.bearer(caller)).slice('Bearer '.length);
    const client = connectAgency({ address: running.address, token });
    clients.push(client);
    return client;
  };
  const anybody = connectAgency({ address: running.address });
  clients.push(anybody);
  return {
    stack,
    clock,
    as,
    admin: as(ADMIN),
    anybody,
    async stop() {
      for (const client of clients) client.close();
      await running.stop();
      if (!shared) await stack.close();
    },
  };
}
