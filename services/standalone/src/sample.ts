import type { AgencyClient } from '@lienthong/client';
import { type Clock, systemClock, vietnamDate } from '@lienthong/kit';
import {
  appointSampleOfficers,
  DEPARTMENTS_MERGE,
  loadOldOrder,
  mergeDepartments,
  mergeProvinces,
  PROVINCE_CODE,
  publishSampleProcedures,
  resolve,
} from '@lienthong/sample-data';

/** Agencies to try the platform on, unless the directory has some, and officers and procedures for them. */
export async function loadSample(
  admin: AgencyClient,
  print: (line: string) => void,
  clock: Clock = systemClock,
): Promise<void> {
  const loaded = await loadOldOrder(admin);
  if (loaded > 0) {
    await mergeDepartments(admin);
    await mergeProvinces(admin);
    print(`sample data loaded: ${loaded} agencies of before 2025 and their mergers`);
  }
  // The samples need the agencies and functions of the sample data; another directory has others.
  if ((await resolve(admin, `${PROVINCE_CODE}.NOIVU2025`, DEPARTMENTS_MERGE)) === undefined) return;
  const today = vietnamDate(clock.now());
  const appointed = await appointSampleOfficers(admin, today);
  if (appointed > 0) print(`sample officers appointed: ${appointed}`);
  const published = await publishSampleProcedures(admin, { today });
  if (published.length > 0) print(`sample procedures published: ${published.length}`);
}
