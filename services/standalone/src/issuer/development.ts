import type { AgencyClient } from '@lienthong/client';
import type { Agency, Officer } from '@lienthong/contracts/directory';
import { ROLES, type Role, vietnamDate } from '@lienthong/kit';
import { PROVINCE_CODE } from '@lienthong/sample-data';
import { administrator } from '../administrator.ts';
import type { Person } from './person.ts';
import type { Application, SignIn } from './sign-in.ts';

const MOST_AGENCIES = 6;
const OFFICERS_OF_EACH = 5;

/** The agencies of the sample data that its story is about: the province and Phường Long Châu. */
const FEATURED = [PROVINCE_CODE, `${PROVINCE_CODE}.29551`];

const ADMINISTRATOR: Person = {
  caller: administrator,
  fullName: 'Quản trị hệ thống',
  about: 'Vận hành và kiểm toán, không thuộc cơ quan nào',
};

/** Anybody signs in as any officer of the directory, found by the name of the agency. */
export const signInForDevelopment = (admin: AgencyClient, applications: readonly Application[]): SignIn => ({
  applications,
  async people(text) {
    const at = vietnamDate(new Date());
    const search = text.trim();
    const agencies = search === '' ? await byCodes(admin, FEATURED, at) : await byName(admin, search, at);
    const officers = await Promise.all(agencies.map((agency) => officersOf(admin, agency, at)));
    return search === '' ? [ADMINISTRATOR, ...officers.flat()] : officers.flat();
  },
});

async function byCodes(admin: AgencyClient, codes: readonly string[], at: string): Promise<Agency[]> {
  const answers = await Promise.allSettled(
    codes.map((code) => admin.directory.resolveCode({ code: { code }, at })),
  );
  // A directory without the sample data has none of them.
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? (answer.value.agency ?? []) : []));
}

async function byName(admin: AgencyClient, query: string, at: string): Promise<Agency[]> {
  const { agencies } = await admin.directory.searchAgencies({
    query,
    at,
    pageSize: MOST_AGENCIES,
  });
  return agencies;
}

async function officersOf(admin: AgencyClient, agency: Agency, at: string): Promise<Person[]> {
  const { officers } = await admin.directory.listOfficers({
    agencyId: agency.id,
    at,
    pageSize: OFFICERS_OF_EACH,
  });
  return officers.map((officer) => toPerson(officer, agency));
}

const toPerson = (officer: Officer, agency: Agency): Person => ({
  caller: {
    agencyId: agency.id,
    officerId: officer.id,
    roles: officer.roles.filter((role): role is Role => (ROLES as readonly string[]).includes(role)),
  },
  fullName: officer.fullName,
  about: `${officer.position}, ${agency.names.at(-1)?.name ?? ''}`,
});
