import { type AgencyClient, LienThongError, Status } from '@lienthong/client';
import { type Procedure, ProcedureState } from '@lienthong/contracts/registry';
import { sampleProcedures, writeYaml } from '@lienthong/procedure-registry/samples';
import { settled } from '../demo/settled.ts';

/**
 * Publishes the sample procedures that have never been published, each after its sub-procedures, in force from today
 * (of the platform's clock) or a later date. Returns what it published.
 * @throws when one is not sound, for example because no agency of the directory holds a function it needs
 */
export async function publishSampleProcedures(
  admin: AgencyClient,
  { today, effectiveOn = today }: { today: string; effectiveOn?: string },
): Promise<Procedure[]> {
  const missing = [];
  for (const sample of sampleProcedures())
    if (!(await wasPublished(admin, sample.code))) missing.push(sample);
  if (missing.length === 0) return [];
  // The registry learns of the agencies, and of the functions they hold, a moment after the directory.
  await settled(admin);
  // What an earlier run left as a draft is revised.
  const { procedures } = await admin.procedures.importProcedures({ yaml: writeYaml(missing) });
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

async function wasPublished(admin: AgencyClient, code: string): Promise<boolean> {
  try {
    const { versions } = await admin.procedures.listVersions({ code });
    return versions.some((one) => one.effectiveOn !== '');
  } catch (error) {
    if (error instanceof LienThongError && error.code === Status.NOT_FOUND) return false;
    throw error;
  }
}

async function validate(admin: AgencyClient, procedureId: string): Promise<void> {
  const { procedure, problems } = await admin.procedures.validateProcedure({ procedureId });
  if (procedure?.state === ProcedureState.VALIDATED) return;
  const found = problems.map(({ place, message }) => `${place}: ${message}`);
  throw new Error(`sample procedure ${procedure?.code} is not sound: ${found.join('; ')}`);
}
