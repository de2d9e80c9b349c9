import { connectAgency } from '@lienthong/client';
import { EntryKind } from '@lienthong/contracts/audit';
import { Form, Format, formToJSON } from '@lienthong/contracts/casework';
import { properName } from '@lienthong/reference-data';
import { settled } from '@lienthong/sample-data';
import { type Recorded, recordOf } from '../notifications/concerned.ts';
import { downloadResults } from './files.ts';
import { type Case, isEnded, isFinished } from './ledger.ts';
import { verifyMovers } from './movers.ts';
import { show } from './run.ts';
import { countsOf, differencesOf, readCounts } from './statistics.ts';
import type { Dossiers } from './story.ts';

export interface DossiersVerified {
  auditEntries: number;
  lost: number;
  duplicated: number;
  differences: string[];
  /** The audit's entries by dossier. */
  records: Map<string, readonly Recorded[]>;
}

/** Compares the ledger with the platform from outside: the dossiers, their record, work lists, tracking, statistics. */
export async function verifyDossiers(running: Dossiers): Promise<DossiersVerified> {
  const { admin, ledger, before, stage } = running;
  await settled(admin);
  const result: DossiersVerified = {
    ...{ auditEntries: 0, lost: 0, duplicated: 0 },
    differences: [...running.differences],
    records: new Map(),
  };
  const anybody = connectAgency({ address: stage.platform.address, tls: stage.platform.tls });
  try {
    await Promise.all([...ledger.values()].map((one) => verifyCase(running, anybody, one, result)));
  } finally {
    anybody.close();
  }
  result.differences.push(...(await verifyMovers(admin, ledger.values())));
  result.differences.push(...differencesOf(before, await readCounts(admin), countsOf(ledger.values())));
  await verifyWorkLists(running, result);
  await verifyPapers(running, result);
  return result;
}

async function verifyCase(
  running: Dossiers,
  anybody: ReturnType<typeof connectAgency>,
  one: Case,
  result: DossiersVerified,
): Promise<void> {
  const dossier = await show(running, one);
  one.seen = dossier;
  const compare = (what: string, is: unknown, should: unknown) => {
    if (is !== should) result.differences.push(`${one.code}: ${what} is ${is}, should be ${should}`);
  };
  if (!isEnded(one)) result.differences.push(`${one.code} has not ended, its status is ${one.status}`);
  compare('status', dossier.status, one.status);
  compare('deadline', dossier.dueAt?.getTime(), one.dueAt);
  compare('number of supplements', dossier.supplements, one.supplements);
  compare('extension', dossier.extension !== undefined, one.extended);
  compare('parent', dossier.parentDossierId, one.parentId);
  compare('intake agency', dossier.intake?.agencyId, one.intakeId);
  compare('version', dossier.version, one.version);
  // In every sample the result returns to the intake agency.
  if (isFinished(one)) compare('holder', dossier.holder?.agencyId, one.intakeId);

  // The audit has every event of the dossier once, beside those of other services about it.
  const ofAll = await Array.fromAsync(
    running.admin.auditEntries({ filter: { dossierCode: one.code, kind: EntryKind.EVENT }, pageSize: 200 }),
  );
  const entries = ofAll.filter(({ source }) => source === 'casework');
  result.records.set(one.id, recordOf(entries));
  const versions = new Set(entries.map(({ aggregateVersion }) => aggregateVersion));
  result.auditEntries += entries.length;
  result.duplicated += entries.length - versions.size;
  result.lost += Number(dossier.version) - versions.size;
  compare('number of audit entries', BigInt(entries.length), dossier.version);
  const { casework } = running.stage.of(one.intakeId);
  const { entries: story } = await casework.getHistory({ dossierId: one.id });
  compare('number of history entries', BigInt(story.length), dossier.version);
  const moves = story.filter(({ type }) => type === 'lienthong.casework.v1.DossierRerouted').length;
  compare('moved to a successor', moves > 0, one.movedFrom !== '');

  compare('number of payments', dossier.payments.length, Number(one.did.has('record the payment')));
  await downloadResults(running.files, one);
  if (one.secret === '') return;
  const tracked = await anybody.tracking.trackDossier({ code: one.code, secret: one.secret });
  compare('tracked status', tracked.status, one.status);
  compare('tracked holder', tracked.holderName, properName(dossier.holder?.name ?? ''));
  compare('tracked deadline', tracked.dueAt?.getTime(), one.dueAt);
}

/** Checks that no work list has a task of an ended dossier. */
async function verifyWorkLists({ ledger, stage }: Dossiers, result: DossiersVerified): Promise<void> {
  const agencies = new Set(
    [...ledger.values()].flatMap(({ seen, intakeId }) => [
      intakeId,
      ...seen.tasks.map(({ agency }) => agency?.agencyId ?? ''),
    ]),
  );
  await Promise.all(
    [...agencies].map(async (agencyId) => {
      for (const { task } of await Array.fromAsync(stage.of(agencyId).work({ pageSize: 200 })))
        if (task && ledger.has(task.dossierId))
          result.differences.push(`task ${task.number} of ${task.dossierId} is still in a work list`);
    }),
  );
}

/** Every paper that the story gives occasion for, each of a dossier that has it. */
async function verifyPapers({ ledger, stage }: Dossiers, result: DossiersVerified): Promise<void> {
  const cases = [...ledger.values()];
  const wanted: [Form, Case | undefined][] = [
    [Form.RECEIPT, cases.find(({ did }) => did.has('complete'))],
    [Form.SUPPLEMENT_REQUEST, cases.find(({ supplements }) => supplements > 0)],
    [Form.REFUSAL, cases.find(({ did }) => did.has('refuse'))],
    [Form.APOLOGY, cases.find(({ extended }) => extended)],
    [Form.CONTROL_SHEET, cases.find(({ movedFrom }) => movedFrom !== '')],
  ];
  await Promise.all(
    wanted.map(async ([form, one]) => {
      if (!one) throw new Error(`no dossier of the story has ${formToJSON(form)}`);
      const request = { form, dossierId: one.id, format: Format.HTML };
      const { content, formNumber } = await stage.of(one.intakeId).casework.renderPaper(request);
      if (!Buffer.from(content).toString().includes(one.code))
        result.differences.push(`paper ${formNumber} of ${one.code} does not name it`);
    }),
  );
}
