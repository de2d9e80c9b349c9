import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { invalid, refuse } from '../errors.ts';
import { type AddressRules, leadsToPublic, notPublic, urlProblem } from './address.ts';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** Where agencies may have something sent to: the settings of every service that does. */
export const addressSettings = z.object({
  WEBHOOK_ALLOW_PRIVATE: flag.describe('"true": private and loopback addresses, and all ports, are allowed'),
  WEBHOOK_ALLOW_HTTP: flag.describe('"true": http is allowed beside https'),
  WEBHOOK_PORTS: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be numbers with commas between')
    .default('443,8443')
    .transform((text) => text.split(',').map(Number))
    .describe('the ports webhooks may use'),
  WEBHOOK_CA: z
    .string()
    .optional()
    .transform((file, context): readonly string[] | undefined => {
      if (file === undefined || file === '') return undefined;
      try {
        return certificatesIn(readFileSync(file, 'utf8'));
      } catch (error) {
        context.addIssue({ code: 'custom', message: `cannot be used: ${(error as Error).message}` });
        return z.NEVER;
      }
    })
    .describe('a PEM file of certificate authorities that webhooks are trusted by, beside the usual ones'),
});

/** @throws when there is none, or one that cannot be read */
function certificatesIn(pem: string): readonly string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error('it has no certificate in PEM');
  return found.map((one) => new X509Certificate(one).toString());
}

export const addressRules = (s: z.output<typeof addressSettings>): AddressRules => ({
  allowPrivate: s.WEBHOOK_ALLOW_PRIVATE,
  allowHttp: s.WEBHOOK_ALLOW_HTTP,
  // Where http is allowed, so is its port.
  ports: s.WEBHOOK_ALLOW_HTTP ? [...s.WEBHOOK_PORTS, 80] : s.WEBHOOK_PORTS,
  authorities: s.WEBHOOK_CA,
});

/**
 * The field `url` of a request as it will be used. Refused: what may not be an address, also by what its name means
 * today; it is checked again at every connection.
 */
export async function checkedUrl(text: string, rules: AddressRules): Promise<string> {
  const problem = urlProblem(text, rules);
  if (problem) return refuse(invalid([{ field: 'url', ...problem }]));
  const url = new URL(text);
  if (!rules.allowPrivate && !(await leadsToPublic(url)))
    return refuse(invalid([{ field: 'url', ...notPublic }]));
  return url.href;
}
