import { Tier } from '@lienthong/contracts/directory';
import { AnswerState } from '@lienthong/contracts/routing';
import {
  DEPARTMENTS_MERGE,
  departments,
  loadOldOrder,
  newUnits,
  oldUnits,
  PROVINCE_CODE,
  PROVINCES_MERGE,
  settled,
  succession,
} from '@lienthong/sample-data';
import { administrator, type Platform } from '@lienthong/standalone';
import { answerPlan } from './act-answers.ts';
import { issuePlan, PLAN_DUE, passOn, recallInvitation, receivePlan, replaceLetter } from './act-plan.ts';
import { reorganise, sendLate } from './act-succession.ts';
import { type Party, partyOf, readTrees } from './agencies.ts';
import type { StoryClock } from './clock.ts';
import type { Files } from './dossiers/files.ts';
import type { Offices } from './dossiers/officers.ts';
import { JUSTICE, WARD_1 } from './dossiers/plan.ts';
import { dossierReport, totalsOf } from './dossiers/report.ts';
import { type Dossiers, findSuccessors, goOn, lodgeDossiers } from './dossiers/story.ts';
import { verifyDossiers } from './dossiers/verify.ts';
import { proveStory } from './evidence.ts';
import type { Servers } from './notifications/servers.ts';
import { beginNotifications, type Notifications } from './notifications/story.ts';
import { verifyNotifications } from './notifications/verify.ts';
import type { DemoResult, Details } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { verify } from './verify.ts';
import { watchDeliveries } from './watch.ts';

export const BEGINNING = '2017-03-06 08:00';
const FIRST_DAY = '2017-03-06';

/** Plays the whole story on a running platform, whose clock it moves. */
export async function runStory(
  platform: Platform,
  clock: StoryClock,
  servers: Servers,
  print: (line: string) => void,
): Promise<{ result: DemoResult; details: Details }> {
  const started = performance.now();
  const admin = platform.connect(administrator);
  const stage = openStage(platform, clock, print);
  const differences: string[] = [];
  let offices: Offices | undefined;
  let files: Files | undefined;
  let notifications: Notifications | undefined;
  const check = (what: string, is: number, should: number) => {
    if (is !== should) differences.push(`${what}: ${is}, should be ${should}`);
  };
  try {
    const loaded = await loadOldOrder(admin);
    const trees = await readTrees(admin, FIRST_DAY);
    print(loaded > 0 ? `${loaded} agencies loaded` : `${trees.length} agencies were here already`);
    check(
      'agencies',
      trees.length,
      oldUnits.length + departments.filter((one) => one.valid_from === '').length,
    );

    const parties = trees.map((agency) => partyOf(agency, FIRST_DAY));
    const province = parties.find((party) => party.code === PROVINCE_CODE) as Party;
    const recipients = parties
      .filter((party) => party.code.startsWith(`${PROVINCE_CODE}.`))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
    await settled(admin);

    const watch = await watchDeliveries(platform.nats);
    const called = (code: string) => parties.find((party) => party.code === code) as Party;
    notifications = await beginNotifications(stage, admin, servers, {
      commune: called(WARD_1),
      department: called(JUSTICE),
    });
    const plan = await issuePlan(stage, province, recipients);
    await receivePlan(stage, plan);
    print('recipients found it in their inboxes, read the file and reported');
    clock.jump('2017-03-07 09:00');
    const of = (tier: Tier) => recipients.filter((party) => party.tier === tier);
    await recallInvitation(stage, province, of(Tier.DISTRICT));
    clock.jump('2017-03-08 09:00');
    await replaceLetter(stage, province, of(Tier.DEPARTMENT));
    print('one invitation recalled, one letter replaced');
    clock.jump('2017-03-10 09:00');
    print(`${await passOn(stage, plan)} districts passed the plan on to their communes`);
    const answers = await answerPlan(stage, province, plan);
    const overdue = await checkAnswers(stage, province, plan.id, answers, check);
    print(`${answers.onTime + answers.late} reports answered the plan`);

    const now = () => readTrees(admin, FIRST_DAY);
    const spring = await reorganise(stage, admin, watch, DEPARTMENTS_MERGE, now);
    print(`2025-03-01: ${spring.ended} departments ended, ${spring.moved} open deliveries move`);
    const dossiers = await lodgeDossiers(stage, admin, notifications, servers.payments);
    offices = dossiers.offices;
    files = dossiers.files;
    print(
      `${dossiers.ledger.size} dossiers of ${dossiers.procedures.size} procedures went their way until June`,
    );
    const summer = await reorganise(stage, admin, watch, PROVINCES_MERGE, now);
    print(`2025-07-01: ${summer.ended} agencies ended, ${summer.moved} open deliveries move`);
    const followed = await findSuccessors(dossiers);
    await goOn(dossiers, PROVINCES_MERGE, '2025-07-03');
    const late = await sendLate(stage, admin);
    print('a late letter reached a successor');
    await goOn(dossiers, '2025-07-04', '2025-10-01');
    print(`${followed} dossiers were rerouted to the successor, whose officers finished them`);
    const cases = await verifyDossiers(dossiers);

    const successors = successorsOf(await now());
    checkSuccession(spring.ended, summer.ended, successors.size, check);
    const verified = await verify(stage, admin, watch);
    await watch.stop();
    const notified = await verifyNotifications(notifications, {
      records: cases.records,
      everybody: publicEvents({ dossiers, mergers: [spring, summer] }),
      cases: [...dossiers.ledger.values()],
    });
    print('the evidence of a document and of a dossier is exported and verified');
    const [longest] = [...cases.records.values()].sort((a, b) => b.length - a.length);
    const dossierCode = longest?.[0]?.payload.dossier?.code ?? '';
    const proved = await proveStory(platform, admin, { documentId: plan.id, dossierCode });
    check('rerouted deliveries', verified.rerouted, spring.moved + summer.moved + 1);
    verified.differences.unshift(
      ...differences,
      ...cases.differences,
      ...notified.differences,
      ...proved.differences,
    );
    verified.lost += cases.lost;
    verified.duplicated += cases.duplicated;
    const result: DemoResult = {
      ok: verified.differences.length === 0,
      agencies: trees.length,
      documents: stage.ledger.documents.size,
      deliveries: stage.ledger.deliveries.size,
      byStatus: verified.byStatus,
      succession: {
        ended: spring.ended + summer.ended,
        successors: successors.size,
        rerouted: verified.rerouted,
      },
      dossiers: totalsOf([...dossiers.ledger.values()]),
      files: { opened: dossiers.files.opened, refused: dossiers.files.refused },
      payments: servers.payments.totals,
      ...notified.totals,
      auditEntries: verified.auditEntries,
      proved: proved.leaves,
      lost: verified.lost,
      duplicated: verified.duplicated,
      seconds: (performance.now() - started) / 1000,
    };
    return {
      result,
      details: {
        answers,
        overdue,
        late,
        stranded: spring.stranded + summer.stranded,
        verified,
        dossiers: await dossierReport(dossiers, cases.auditEntries),
        notifications: notified.report,
        evidence: proved.report,
      },
    };
  } finally {
    offices?.close();
    files?.close();
    stage.close();
    admin.close();
    await notifications?.close();
  }
}

/** The number of public events by type. */
function publicEvents({ dossiers, mergers }: { dossiers: Dossiers; mergers: Merger[] }): Map<string, number> {
  const enacted = mergers.filter((merger) => merger.enacted);
  return new Map([
    ['lienthong.directory.v1.OfficerAppointed', dossiers.offices.appointed()],
    ['lienthong.directory.v1.ReorganisationEnacted', enacted.length],
    ['lienthong.directory.v1.AgencyEnded', enacted.reduce((sum, { ended }) => sum + ended, 0)],
    ['lienthong.registry.v1.ProcedurePublished', dossiers.published],
  ]);
}

type Merger = Awaited<ReturnType<typeof reorganise>>;
type Check = (what: string, is: number, should: number) => void;

/** Compares the platform's answers with the ledger; returns the agencies that have not answered. */
async function checkAnswers(
  stage: Stage,
  province: Party,
  documentId: string,
  answers: { onTime: number; late: number; overdue: number },
  check: Check,
): Promise<string[]> {
  const list = (at: string) => stage.of(province.id).routing.listDirectiveAnswers({ documentId, at });
  const due = await list(PLAN_DUE);
  check('answered by the due date', due.onTime, answers.onTime);
  check('waited for on the due date', due.waiting, answers.late + answers.overdue);
  const end = await list('');
  check('answered on time', end.onTime, answers.onTime);
  check('answered late', end.late, answers.late);
  check('not answered', end.overdue, answers.overdue);
  const silent = stage.of(province.id).directiveAnswers({ documentId, states: [AnswerState.OVERDUE] });
  const names = (await Array.fromAsync(silent)).map(({ delivery }) => delivery?.addressedTo?.name ?? '');
  check('agencies that have not answered', names.length, answers.overdue);
  return names;
}

/** Agencies of the new order that are successors of old ones. */
function successorsOf(trees: Awaited<ReturnType<typeof readTrees>>): Set<string> {
  return new Set(trees.flatMap((agency) => agency.successors.map((edge) => edge.successorId)));
}

function checkSuccession(spring: number, summer: number, successors: number, check: Check): void {
  const unchanged = succession.filter((row) => row.extent === 'unchanged').length;
  const named = departments.flatMap((one) => one.succeeded_by.split('|')).filter((suffix) => suffix !== '');
  check('departments ended', spring, departments.filter((one) => one.valid_to === DEPARTMENTS_MERGE).length);
  check('units ended', summer, oldUnits.length - unchanged);
  check('successors', successors, newUnits.length - unchanged + new Set(named).size);
}
