import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { invalid, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { type AddressRules, hostProblem, urlProblem } from './address.ts';
import { type Resolve, resolveBy } from './resolve.ts';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** Which addresses agencies may give for webhooks: settings of every service that sends there. */
export const addressSettings = z.object({
  WEBHOOK_ALLOW_PRIVATE: flag.describe('"true": private and loopback addresses, and every port, are allowed'),
  WEBHOOK_ALLOW_HTTP: flag.describe('"true": http is allowed beside https'),
  WEBHOOK_PORTS: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be numbers with commas between')
    .default('443,8443')
    .transform((text) => text.split(',').map(Number))
    .describe('the ports webhooks may use, with commas between'),
  WEBHOOK_CA: z
    .string()
    .optional()
    .transform((file, context): readonly string[] | undefined => {
      if (file === undefined || file === '') return undefined;
      try {
        return readAuthorities(file);
      } catch (error) {
        context.addIssue({ code: 'custom', message: `cannot be used: ${(error as Error).message}` });
        return z.NEVER;
      }
    })
    .describe("a PEM file of certificate authorities that webhooks trust beside the system's"),
});

/** The certificates of a PEM file. Throws when it holds none, or one that cannot be read. */
export function readAuthorities(file: string): readonly string[] {
  const found =
    readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error('it has no certificate in PEM');
  return found.map((one) => new X509Certificate(one).toString());
}

export const addressRules = (s: z.output<typeof addressSettings>): AddressRules => ({
  allowPrivate: s.WEBHOOK_ALLOW_PRIVATE,
  allowHttp: s.WEBHOOK_ALLOW_HTTP,
  // The setting that allows http allows its port as well.
  ports: s.WEBHOOK_ALLOW_HTTP ? [...s.WEBHOOK_PORTS, 80] : s.WEBHOOK_PORTS,
  authorities: s.WEBHOOK_CA,
});

/**
 * The field `url` of a request in its normal form. The address is checked again at every connection.
 * Refuses: URL_INVALID, URL_NOT_HTTPS, URL_WITH_CREDENTIALS, PORT_REFUSED, HOST_UNKNOWN, ADDRESS_NOT_PUBLIC.
 */
export async function checkUrl(
  text: string,
  rules: AddressRules,
  resolve: Resolve = resolveBy(rules),
): Promise<string> {
  const url = URL.parse(text);
  const problem =
    urlProblem(text, rules) ??
    (url === null || rules.allowPrivate ? undefined : await hostProblem(url, resolve));
  if (url === null || problem)
    return refuse(invalid([{ field: 'url', ...(problem as NonNullable<typeof problem>) }]));
  return url.href;
}
