import type { AgencyClient } from '@lienthong/client';
import { vietnamDate } from '@lienthong/kit';
import { sampleProcedures } from '@lienthong/procedure-registry/samples';
import {
  firstInForce,
  PROVINCE_CODE,
  publishSampleProcedures,
  resolve,
  settled,
} from '@lienthong/sample-data';
import { giveAddresses, type Notifications } from '../notifications/story.ts';
import type { Stage } from '../stage.ts';
import { openFiles } from './files.ts';
import { type Case, isEnded } from './ledger.ts';
import { openOffices } from './officers.ts';
import type { PaymentProvider } from './payments.ts';
import { IN_FORCE_ON, JUSTICE, MERGED_ON, STRANGERS, TOWN, WARD_1, WARD_2, WARD_3 } from './plan.ts';
import { readProcedure } from './procedures.ts';
import { type Running, show, until, work } from './run.ts';
import { type Counts, readCounts } from './statistics.ts';

export interface Dossiers extends Running {
  /** What the statistics counted before the story. */
  before: Counts;
  /** How many procedures were published for it. */
  published: number;
}

/** Publishes the procedures and plays their dossiers until the day before the provinces merge. */
export async function lodgeDossiers(
  stage: Stage,
  admin: AgencyClient,
  notifications: Notifications,
  payments: PaymentProvider,
): Promise<Dossiers> {
  stage.clock.jump(`${IN_FORCE_ON} 08:00`);
  const codes = sampleProcedures().map(({ code }) => code);
  const suffix = await suffixFor(admin, codes);
  const published = await publishSampleProcedures(admin, { today: IN_FORCE_ON, suffix });
  const demoProcedures = await Promise.all(
    codes.map((code) => readProcedure(admin, `${code}${suffix}`, IN_FORCE_ON)),
  );
  const named = async (codes: readonly string[]) => {
    const ids = await Promise.all(codes.map((code) => resolve(admin, code, IN_FORCE_ON)));
    return ids.filter((id) => id !== undefined);
  };
  const offices = openOffices(stage.platform, admin, () => vietnamDate(stage.clock.now()));
  await giveAddresses(notifications, offices, await named([WARD_1, WARD_2, WARD_3, JUSTICE, TOWN]));
  // Casework learns of procedures and officers a moment after registry and directory.
  await settled(admin);
  const strangers = await named(STRANGERS);
  if (strangers.length < STRANGERS.length) throw new Error(`one of ${STRANGERS.join(', ')} is unknown`);
  const differences: string[] = [];
  const running: Dossiers = {
    stage,
    admin,
    offices,
    notifications,
    ledger: new Map(),
    procedures: new Map(demoProcedures.map((one) => [one.code, one])),
    suffix,
    advisers: await named(['H61.TC2025', JUSTICE]),
    files: openFiles(
      stage.platform,
      strangers.map((agencyId) => ({ agencyId, client: stage.of(agencyId) })),
      differences,
    ),
    payments,
    differences,
    before: await readCounts(admin),
    published: published.length,
  };
  await work(running, IN_FORCE_ON, MERGED_ON);
  return running;
}

/** The suffix of the province's own codes; empty when the samples are in force at the time of the story. */
async function suffixFor(admin: AgencyClient, codes: readonly string[]): Promise<string> {
  const dates = await Promise.all(codes.map((code) => firstInForce(admin, code)));
  return dates.some((date) => date !== undefined && date > IN_FORCE_ON) ? `.000.00.00.${PROVINCE_CODE}` : '';
}

/** On the day of the merger: waits until open dossiers are rerouted to the successors. Returns their number. */
export async function findSuccessors(running: Dossiers): Promise<number> {
  const open = [...running.ledger.values()].filter((one) => !isEnded(one));
  const moved = await Promise.all(open.map((one) => findSuccessor(running, one)));
  return moved.filter(Boolean).length;
}

async function findSuccessor(running: Dossiers, one: Case): Promise<boolean> {
  const { agency } = await running.admin.directory.getAgency({ agencyId: one.intakeId });
  if (agency?.endedOn !== MERGED_ON) return false;
  const successorId = agency.successors.find(({ main }) => main)?.successorId;
  if (!successorId) throw new Error(`${one.code} waits at an agency that has no successor`);
  one.movedFrom = one.intakeId;
  one.intakeId = successorId;
  await until(`${one.code} is rerouted to the successor`, async () => {
    one.seen = await show(running, one);
    return one.seen.intake?.agencyId === successorId;
  });
  return true;
}

/** Plays the days after the merger; the second call continues where the first ended. */
export const goOn = (running: Dossiers, from: string, to: string): Promise<void> => work(running, from, to);
