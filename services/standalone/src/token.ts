import { parseArgs } from 'node:util';
import { connectAgency } from '@lienthong/client';
import { developmentIssuer, ROLES, type Role, vietnamDate } from '@lienthong/kit';
import { resolve } from '@lienthong/sample-data';
import { readStandaloneSettings } from './config.ts';
import { administrator } from './platform.ts';

/**
 * Prints a token of this installation's development issuer, for an officer or a system of any agency:
 * `npm run -s token -- --agency H61.29551 --officer mot-cua --roles clerk,officer`. The platform must run: it resolves
 * the agency's code.
 */
const USAGE = `usage: npm run -s token -- --agency CODE --officer ID --roles ROLE[,ROLE] [--days N]
roles: ${ROLES.join(', ')}; an administrator has no agency
LIENTHONG_DATA and LISTEN as for npm start`;

const { values } = parseArgs({
  options: {
    agency: { type: 'string', default: '' },
    officer: { type: 'string', default: '' },
    roles: { type: 'string', default: '' },
    days: { type: 'string', default: '1' },
  },
});

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);
const roles = values.roles.split(',').map((role) => role.trim());
const days = Number(values.days);
const problem =
  (values.officer === '' && '--officer is missing: the id of the officer who calls') ||
  (!roles.every(isRole) && `--roles ${values.roles || 'is missing'}: must be a list of roles`) ||
  (values.agency === '' && !roles.includes('admin') && '--agency is missing: a code such as H61.29551') ||
  (!(days > 0 && days <= 366) && '--days must be above 0 and at most 366');
if (problem) fail(`${problem}\n${USAGE}`);

const settings = readStandaloneSettings();
const issuer = await developmentIssuer(settings.LIENTHONG_DATA);
const agencyId = values.agency === '' ? '' : await agencyOf(values.agency);
const caller = { agencyId, officerId: values.officer, roles: roles.filter(isRole) };
console.log(await issuer.issue(caller, Math.round(days * 24 * 3600)));

async function agencyOf(code: string): Promise<string> {
  const admin = connectAgency({ address: settings.LISTEN, token: () => issuer.issue(administrator) });
  try {
    const found = await resolve(admin, code, vietnamDate(new Date()));
    return found ?? fail(`no agency has the code ${code} today`);
  } catch (error) {
    return fail(
      `the platform at ${settings.LISTEN} could not resolve the code ${code}: ${(error as Error).message}`,
    );
  } finally {
    admin.close();
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
