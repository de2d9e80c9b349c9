import { type AgencyClient, LienThongError, Status } from '@lienthong/client';
import { type Procedure, ProcedureState } from '@lienthong/contracts/registry';
import { sampleProcedures, writeYaml } from '@lienthong/procedure-registry/samples';
import { settled } from './settled.ts';

/**
 * Publishes the sample procedures that have never been published, each after its sub-procedures, in force from today
 * (of the platform's clock) or a later date, under their codes or under local ones with a suffix such as
 * ".000.00.00.H61". Returns what it published.
 * @throws when one is not valid, for example because no agency has a function that it needs
 */
export async function publishSampleProcedures(
  admin: AgencyClient,
  { today, effectiveOn = today, suffix = '' }: { today: string; effectiveOn?: string; suffix?: string },
): Promise<Procedure[]> {
  const samples = sampleProcedures();
  const missing = [];
  for (const sample of samples)
    if ((await firstInForce(admin, `${sample.code}${suffix}`)) === undefined) missing.push(sample);
  if (missing.length === 0) return [];
  // The registry learns of the agencies, and of the functions they hold, a moment after the directory.
  await settled(admin);
  const localised = (definitions: typeof samples) =>
    samples.reduce((yaml, { code }) => yaml.replaceAll(code, `${code}${suffix}`), writeYaml(definitions));
  // Revises a draft that an earlier run left.
  const { procedures } = await admin.procedures.importProcedures({ yaml: localised(missing) });
  const published: Procedure[] = [];
  for (const { id } of procedures) {
    await validate(admin, id);
    const { procedure } = await admin.procedures.publishProcedure({
      procedureId: id,
      effectiveOn,
      decision: {
        number: '01/QĐ-UBND',
        decidedOn: today,
        signerName: 'Nguyễn Văn Mẫu',
        signerPosition: 'Chủ tịch',
      },
    });
    if (procedure) published.push(procedure);
  }
  return published;
}

/** The date when its first published version came into force; undefined when it was never published. */
export async function firstInForce(admin: AgencyClient, code: string): Promise<string | undefined> {
  try {
    const { versions } = await admin.procedures.listVersions({ code });
    const dates = versions.map(({ effectiveOn }) => effectiveOn).filter((date) => date !== '');
    return dates.sort()[0];
  } catch (error) {
    if (error instanceof LienThongError && error.code === Status.NOT_FOUND) return undefined;
    throw error;
  }
}

async function validate(admin: AgencyClient, procedureId: string): Promise<void> {
  const { procedure, problems } = await admin.procedures.validateProcedure({ procedureId });
  if (procedure?.state === ProcedureState.VALIDATED) return;
  const found = problems.map(({ place, message }) => `${place}: ${message}`);
  throw new Error(`sample procedure ${procedure?.code} is not valid: ${found.join('; ')}`);
}
