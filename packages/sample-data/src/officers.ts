import type { AgencyClient } from '@lienthong/client';
import type { AgencyRef, AppointmentLine, DeepPartial, Officer } from '@lienthong/contracts/directory';
import { departmentCode, departments, newCode, newUnits, PROVINCE_CODE, PROVINCES_MERGE } from './data.ts';
import { resolve } from './load.ts';

/** The officers of one agency, as a call needs them. */
export interface SampleOfficers {
  agencyId: string;
  head: Officer;
  /** Takes documents and dossiers in, and works on dossiers. */
  clerk: Officer;
}

const FAMILY_NAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ'];
/** Agencies read at the same time. */
const AT_ONCE = 16;

/**
 * Appoints a head and a clerk at each agency of the new order that has none, all in one upload: when the province has
 * officers, all others have them. Returns how many were appointed.
 */
export async function appointSampleOfficers(admin: AgencyClient, today: string): Promise<number> {
  const provinceId = await resolve(admin, PROVINCE_CODE, today);
  if (provinceId === undefined || (await officersOf(admin, provinceId, today)) !== undefined) return 0;
  const codes = [
    ...newUnits.map(newCode),
    ...departments.filter(({ valid_to }) => valid_to === '').map(departmentCode),
  ];
  const lines: DeepPartial<AppointmentLine>[] = [];
  for (let from = 0; from < codes.length; from += AT_ONCE) {
    const batch = codes.slice(from, from + AT_ONCE);
    const perAgency = await Promise.all(
      batch.map(async (code, i) => {
        const agencyId = await resolve(admin, code, today);
        return agencyId === undefined ? [] : await peopleFor(admin, agencyId, from + i, today);
      }),
    );
    lines.push(...perAgency.flat());
  }
  return (await admin.appointOfficers(lines)).officerIds.length;
}

/** The head and a clerk of an agency; undefined when one of them is missing. */
export async function officersOf(
  admin: AgencyClient,
  agencyId: string,
  today: string,
): Promise<SampleOfficers | undefined> {
  const officers = await Array.fromAsync(admin.officers({ agencyId, at: today }));
  const head = officers.find((officer) => officer.head);
  const clerk = officers.find((officer) => !officer.head && officer.roles.includes('clerk'));
  return head && clerk && { agencyId, head, clerk };
}

/** The appointments of a head and a clerk; none where somebody is in position. */
async function peopleFor(
  admin: AgencyClient,
  agencyId: string,
  index: number,
  today: string,
): Promise<DeepPartial<AppointmentLine>[]> {
  const officers = await Array.fromAsync(admin.officers({ agencyId, at: today }));
  if (officers.length > 0) return [];
  const family = FAMILY_NAMES[index % FAMILY_NAMES.length];
  const agency: AgencyRef = { ref: { $case: 'id', value: agencyId } };
  return [
    { fullName: `${family} Văn Mẫu`, position: 'Thủ trưởng', head: true, roles: ['officer', 'leader'] },
    { fullName: `${family} Thị Mẫu`, position: 'Chuyên viên một cửa', roles: ['clerk', 'officer'] },
  ].map((person) => ({ agency, validFrom: PROVINCES_MERGE, ...person }));
}
