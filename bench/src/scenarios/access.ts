import {
  addressOfCall,
  createAdmission,
  developmentIssuer,
  openDatabase,
  tokenVerifier,
} from '@lienthong/kit';
import { callerDirectory, createAgencyCache, createOfficerCache } from '@lienthong/reference-data';
import { Metadata } from 'nice-grpc';
import type { Agency } from '../agencies.ts';
import { closedLoop } from '../load.ts';
import { processorTime } from '../processor-time.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';

const CALLERS = 64;
const ROUNDS = 100_000;
const WITHOUT_LIMIT = {
  rate: { perSecond: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER },
  atOnce: Number.MAX_SAFE_INTEGER,
  streams: Number.MAX_SAFE_INTEGER,
};

export interface AccessCost {
  /** For one call whose token was verified before: token, directory, policy's roles, limits. */
  microseconds: number;
  /** Of the processor time that the services' process takes to issue a document. */
  percentOfDocument: number;
}

/** What deciding who calls, and counting the call, costs a call. Linux only: it reads the process's processor time. */
export async function accessCost(
  target: Target,
  agencies: readonly Agency[],
  seconds: number,
): Promise<AccessCost> {
  const microseconds = await decisionTime(target, agencies);
  const perDocument = await documentTime(target, agencies, seconds);
  return { microseconds, percentOfDocument: (microseconds / perDocument) * 100 };
}

async function decisionTime(target: Target, agencies: readonly Agency[]): Promise<number> {
  const onError = (error: Error) => console.error(error);
  const database = openDatabase({
    url: target.databaseUrl,
    schema: 'document_routing',
    connections: 1,
    onError,
  });
  try {
    const directory = callerDirectory(database, {
      agencies: createAgencyCache(),
      officers: createOfficerCache(),
    });
    await directory.refresh();
    const issuer = await developmentIssuer();
    const verify = tokenVerifier([issuer.trusted]);
    const addressOf = addressOfCall([]);
    const limits = { perOfficer: WITHOUT_LIMIT, perAgency: WITHOUT_LIMIT, perAddress: WITHOUT_LIMIT };
    const admission = createAdmission({ ...limits, perProcess: Number.MAX_SAFE_INTEGER });
    const tokens = await Promise.all(
      agencies
        .slice(0, CALLERS)
        .map(({ id }) => issuer.issue({ agencyId: id, officerId: 'bench', roles: ['system'] })),
    );
    const call = { peer: '127.0.0.1:1', metadata: Metadata() };
    const today = new Date().toISOString().slice(0, 10);
    const decide = async (token: string) => {
      const identified = directory.identify(await verify(token), today);
      if (!identified.ok) throw new Error(identified.refusal.message);
      const origin = { caller: identified.value.caller, address: addressOf(call) };
      admission.arrive(origin);
      admission.enter(origin, 1)();
    };
    for (let n = 0; n < ROUNDS / 10; n += 1) await decide(tokens[n % CALLERS] as string);
    const start = performance.now();
    for (let n = 0; n < ROUNDS; n += 1) await decide(tokens[n % CALLERS] as string);
    return ((performance.now() - start) / ROUNDS) * 1_000;
  } finally {
    await database.close();
  }
}

/** Microseconds of the services' processor time for a document to one recipient, what follows from it included. */
async function documentTime(target: Target, agencies: readonly Agency[], seconds: number): Promise<number> {
  const clients = await Promise.all(agencies.slice(0, CALLERS).map(({ id }) => target.as(id)));
  const call = (caller: number, n: number) => {
    const recipient = agencies[(caller * 31 + n) % agencies.length] as Agency;
    return (clients[caller] as (typeof clients)[number]).issueDocument(letter([recipient]));
  };
  await closedLoop(CALLERS, 2, call);
  await target.quiet();
  let documents = 0;
  const { serverMs } = await processorTime(target.pid, async () => {
    const start = performance.now();
    const rate = await closedLoop(CALLERS, seconds, call);
    documents = (rate * (performance.now() - start)) / 1_000;
    await target.quiet();
  });
  return (serverMs / documents) * 1_000;
}
