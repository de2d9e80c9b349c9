import { type AgencyClient, LienThongError, Status } from '@lienthong/client';
import { DEPARTMENTS_MERGE, PROVINCE_CODE, PROVINCES_MERGE } from './data.ts';
import { importLines } from './import.ts';
import { departmentParts, provinceParts } from './reorganise.ts';

/** A day on which the old order of the sample data was in force. */
const OLD_ORDER = '2017-03-06';

/** The id of the agency that a code names at a date; undefined when no agency has it then. */
export async function resolve(client: AgencyClient, code: string, at: string): Promise<string | undefined> {
  try {
    return (await client.directory.resolveCode({ code: { code }, at })).agency?.id;
  } catch (error) {
    if (error instanceof LienThongError && error.code === Status.NOT_FOUND) return undefined;
    throw error;
  }
}

/** Loads the agencies of before 2025, unless they exist. Returns how many were loaded. */
export async function loadOldOrder(admin: AgencyClient): Promise<number> {
  if ((await resolve(admin, PROVINCE_CODE, OLD_ORDER)) !== undefined) return 0;
  const { imported } = await admin.importAgencies({ legalBasis: 'Sample data' }, importLines());
  return imported;
}

/** Enacts the merger of the provincial departments, unless it has been. */
export async function mergeDepartments(admin: AgencyClient): Promise<boolean> {
  if ((await resolve(admin, `${PROVINCE_CODE}.NOIVU2025`, DEPARTMENTS_MERGE)) !== undefined) return false;
  await admin.directory.reorganise({
    effectiveOn: DEPARTMENTS_MERGE,
    legalBasis: 'Sắp xếp các cơ quan chuyên môn cấp tỉnh, 01/3/2025',
    parts: departmentParts(),
  });
  return true;
}

/** Enacts the merger of the three provinces and their communes, unless it has been. */
export async function mergeProvinces(admin: AgencyClient): Promise<boolean> {
  const [before, after] = await Promise.all([
    resolve(admin, PROVINCE_CODE, OLD_ORDER),
    resolve(admin, PROVINCE_CODE, PROVINCES_MERGE),
  ]);
  if (after !== undefined && after !== before) return false;
  await admin.directory.reorganise({
    effectiveOn: PROVINCES_MERGE,
    legalBasis: 'NQ 202/2025/QH15; NQ 1687/NQ-UBTVQH15',
    parts: provinceParts(),
  });
  return true;
}
