import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type Caller, developmentIssuer, ROLES, type Role, vietnamDate } from '@lienthong/kit';
import { resolve } from '@lienthong/sample-data';
import { administrator } from './administrator.ts';
import { readStandaloneSettings } from './config.ts';

/**
 * Prints a token of this installation's development issuer, for an officer whom the directory has in position:
 * `npm run -s token -- --agency H61.29551 --roles clerk`. The platform must run: it resolves the agency and the officer.
 */
const USAGE = `usage: npm run -s token -- --agency CODE --roles ROLE[,ROLE] [--officer ID] [--minutes N]
roles: ${ROLES.join(', ')}
without --officer: the first officer of the agency whose position has these roles; a system needs no officer
without --agency: an administrator or auditor of the platform
LIENTHONG_DATA and LISTEN as for npm start`;

const { values } = parseArgs({
  options: {
    agency: { type: 'string', default: '' },
    officer: { type: 'string', default: '' },
    roles: { type: 'string', default: '' },
    minutes: { type: 'string', default: '60' },
  },
});

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);
const given = values.roles.split(',').map((role) => role.trim());
const roles = given.filter(isRole);
const minutes = Number(values.minutes);
const settings = readStandaloneSettings();
const longest = settings.TOKEN_MAX_AGE_HOURS * 60;
const problem =
  (roles.length < given.length && `--roles ${values.roles || 'is missing'}: must be a list of roles`) ||
  (values.agency === '' &&
    !roles.every((role) => administrator.roles.includes(role)) &&
    '--agency is missing: a code such as H61.29551') ||
  (!(minutes > 0 && minutes <= longest) && `--minutes must be above 0 and at most ${longest}`);
if (problem) fail(`${problem}\n${USAGE}`);

const issuer = await developmentIssuer(settings.LIENTHONG_DATA);
const caller = values.agency === '' ? { ...administrator, roles } : await callerAt(values.agency);
console.log(await issuer.issue(caller, Math.round(minutes * 60)));

async function callerAt(code: string): Promise<Caller> {
  const caFile = join(settings.LIENTHONG_DATA, 'tls', 'ca.pem');
  const admin = connectAgency({
    address: settings.LISTEN.replace(/^127\.0\.0\.1:/, 'localhost:'),
    tls: settings.TLS_AT_PROXY ? undefined : { ca: readFileSync(caFile) },
    token: () => issuer.issue(administrator),
  });
  try {
    return await findCaller(admin, code, vietnamDate(new Date()));
  } catch (error) {
    return fail(`no token from the platform at ${settings.LISTEN}: ${(error as Error).message}`);
  } finally {
    admin.close();
  }
}

async function findCaller(admin: AgencyClient, code: string, today: string): Promise<Caller> {
  const agencyId = await resolve(admin, code, today);
  if (agencyId === undefined) return fail(`no agency has the code ${code} today`);
  if (roles.includes('system')) {
    const officerId = values.officer || 'system';
    console.error(`the system ${officerId} is made up; it has the rights of a system of ${code}`);
    return { agencyId, officerId, roles: ['system'] };
  }
  const officers = await Array.fromAsync(admin.officers({ agencyId, at: today }));
  const found = officers.find(
    (one) =>
      (values.officer === '' || one.id === values.officer) && roles.every((role) => one.roles.includes(role)),
  );
  if (found) return { agencyId, officerId: found.id, roles };
  const there = officers.map((one) => `${one.id} ${one.fullName}: ${one.roles.join(', ')}`);
  return fail(
    `no such officer with the roles ${roles.join(', ')} is in position at ${code}; there are:\n${there.join('\n') || 'none'}`,
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
