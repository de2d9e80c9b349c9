import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { field } from '../parse.ts';
import { POSITION_ROLES, ROLES, type Role } from './caller.ts';
import type { AgencyName, Claims } from './claims.ts';
import { discoveredKeys, type KeySet, keySet, readKeys } from './key-set.ts';

/** The audience (aud) that a token must name, unless its issuer is set to another. */
export const TOKEN_AUDIENCE = 'lienthong';

const agencyName = z.union([
  z.strictObject({ id: field.uuid }),
  z.strictObject({ scheme: z.string().default(''), code: z.string().min(1) }),
]);

/** An issuer of tokens and what it may say; an entry of the file TOKEN_ISSUERS. */
const issuerSettings = z.strictObject({
  /** `iss` of its tokens. */
  issuer: z.string().min(1),
  /** Its public keys: a file, or a URL; by default where its OpenID configuration says. */
  jwks: z.string().optional(),
  audience: z.string().min(1).default(TOKEN_AUDIENCE),
  /** Citizens have no agency and no role, whatever their tokens say. */
  gives: z.enum(['officers', 'citizens']).default('officers'),
  /** The claim that names the agency: by its id, or with a scheme by its code. */
  agency: z.strictObject({ claim: z.string(), scheme: z.string().optional() }).default({ claim: 'agency' }),
  officer: z.strictObject({ claim: z.string() }).default({ claim: 'sub' }),
  /** The claim that lists roles, and what each means here if it has another name; "position": all of the position. */
  roles: z
    .union([
      z.literal('position'),
      z.strictObject({ claim: z.string(), names: z.record(z.string(), z.enum(ROLES)).optional() }),
    ])
    .default({ claim: 'roles' }),
  /** Roles that it may give to callers without a position in the directory. */
  grants: z.array(z.enum(['admin', 'auditor', 'system'])).default([]),
  /** The only agencies that it speaks for. */
  agencies: z.array(agencyName).min(1).optional(),
});
export type IssuerSettings = z.input<typeof issuerSettings>;

/** An issuer whose tokens are accepted. */
export interface TrustedIssuer {
  issuer: string;
  audience: string;
  keys: KeySet;
  /** What a verified token says, as far as the issuer may say it. @throws ZodError when claims are missing or wrong */
  claimsOf(payload: JWTPayload): Claims;
}

/** @throws with words when the file cannot be read or is wrong, or names an issuer twice */
export async function readIssuers(file: string): Promise<TrustedIssuer[]> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`TOKEN_ISSUERS: ${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = z.array(issuerSettings).min(1).safeParse(given);
  if (!parsed.success) throw new Error(`TOKEN_ISSUERS: ${file} is wrong:\n${z.prettifyError(parsed.error)}`);
  const names = parsed.data.map(({ issuer }) => issuer);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`TOKEN_ISSUERS: ${file} names the issuer ${twice} twice`);
  return parsed.data.map((settings) => trust(settings, keysOf(settings, dirname(file))));
}

/** A file is found from the folder of the settings. */
const keysOf = ({ issuer, jwks }: IssuerSettings, folder: string): KeySet =>
  jwks === undefined
    ? discoveredKeys(issuer)
    : keySet(() => readKeys(/^https?:/.test(jwks) ? jwks : resolve(folder, jwks)));

export function trust(given: IssuerSettings, keys: KeySet): TrustedIssuer {
  const settings = issuerSettings.parse(given);
  const { issuer, audience, gives, grants, agencies, agency } = settings;
  const officerName = textAt(settings.officer.claim).pipe(z.string().min(1).max(200));
  const agencyText = textAt(agency.claim).optional();
  const toAgency = (text: string | undefined): AgencyName | undefined => {
    if (text === undefined || text === '') return undefined;
    return agency.scheme === undefined
      ? { id: field.uuid.parse(text) }
      : { scheme: agency.scheme, code: text };
  };
  const rolesOf = rolesReader(settings.roles);
  return {
    issuer,
    audience,
    keys,
    claimsOf(payload) {
      const name = officerName.parse(claimAt(payload, settings.officer.claim));
      const expiresAt = z.number().parse(payload.exp) * 1000;
      // Never the id of an officer: what belongs to an officer is not a citizen's.
      if (gives === 'citizens')
        return {
          agency: undefined,
          officerId: `citizen:${name}`,
          roles: [],
          granted: [],
          agencies,
          expiresAt,
        };
      const roles = rolesOf(payload);
      return {
        agency: toAgency(agencyText.parse(claimAt(payload, agency.claim))),
        officerId: name,
        roles: roles.filter((role) => (POSITION_ROLES as readonly Role[]).includes(role)),
        granted: roles.filter((role) => (grants as readonly Role[]).includes(role)),
        agencies,
        expiresAt,
      };
    },
  };
}

const textAt = (claim: string) => z.string({ error: `the claim ${claim} must be a text` });
const roleNames = z.array(z.string()).default([]);

function rolesReader(settings: z.output<typeof issuerSettings>['roles']) {
  if (settings === 'position') return (): readonly Role[] => POSITION_ROLES;
  const { claim, names = Object.fromEntries(ROLES.map((role) => [role, role])) } = settings;
  const meaning = new Map(Object.entries(names));
  // An issuer's other roles mean nothing here.
  return (payload: JWTPayload): readonly Role[] => [
    ...new Set(
      roleNames.parse(claimAt(payload, claim)).flatMap((name) => {
        const role = meaning.get(name);
        return role === undefined ? [] : [role];
      }),
    ),
  ];
}

/** The claim of this name, or else what its dots lead to: `realm_access.roles`. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let at: unknown = payload;
  for (const step of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
