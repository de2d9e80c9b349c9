import { isIP } from 'node:net';
import { z } from 'zod';
import type { AdmissionLimits, PrincipalLimits } from './admission.ts';
import type { ConnectionLimits } from './connections.ts';

const count = (otherwise: number) => z.coerce.number().int().min(1).default(otherwise);

const isBlock = (text: string): boolean => {
  const [network = '', bits, ...more] = text.split('/');
  const max = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
  return max > 0 && more.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= max));
};

const proxies = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
  .refine((blocks) => blocks.every(isBlock), 'must be addresses or blocks such as 10.0.0.0/8');

/** How much callers may do; read by every process that runs services. */
export const limitSettings = z.object({
  COST_LIMIT: count(4_000).describe(
    'the cost of the calls that a process runs at once; a usual call costs 1, a fan-out more',
  ),
  COST_LIMIT_PER_AGENCY: count(2_000).describe(
    'the part of it that the calls of one agency may take: half, so that none stops the others',
  ),
  COST_LIMIT_PER_OFFICER: count(1_000).describe(
    "the part of it that one officer or system may take: half of an agency's, so that its system leaves room for its officers",
  ),
  COST_LIMIT_PER_ADDRESS: count(100).describe(
    'the part of it that calls without a token from one address may take: people who read and follow, not systems',
  ),
  RATE_PER_AGENCY: count(2_000).describe(
    'the cost of the calls that an agency may make in a second, about half of what a process carries out on two cores; ten times as much after a rest',
  ),
  RATE_PER_OFFICER: count(1_000).describe("the same for one officer or system: half of an agency's"),
  RATE_PER_ADDRESS: count(50).describe(
    'the same for calls without a valid token from one address; a portal that calls for many sends a token',
  ),
  STREAMS_PER_AGENCY: count(500).describe('the streams of events that an agency may have open in a process'),
  STREAMS_PER_OFFICER: count(100).describe(
    'the same for one officer or system; a system needs one for each of its processes',
  ),
  STREAMS_PER_ADDRESS: count(20).describe('the same for streams without a token (health) from one address'),
  CONNECTIONS: count(4_000).describe(
    'the connections of a process; fewer, and for an address in proportion, when the operating system allows it less than twice as many open files',
  ),
  CONNECTIONS_PER_ADDRESS: count(1_000).describe(
    'the connections from one address: a quarter, as agencies of a province share addresses; those from TRUSTED_PROXIES are bounded by CONNECTIONS alone',
  ),
  TRUSTED_PROXIES: proxies.describe(
    'addresses or blocks of proxies, with commas between: what they write in x-forwarded-for is the address of a call',
  ),
  CERTIFICATE_PROXIES: proxies.describe(
    'addresses or blocks that a proxy alone can have: what it writes in client-cert (RFC 9440) is the certificate that a system has shown to it',
  ),
});
export type LimitSettings = z.output<typeof limitSettings>;

const BURST_SECONDS = 10;

export function admissionLimits(settings: LimitSettings): AdmissionLimits {
  const of = (who: 'AGENCY' | 'OFFICER' | 'ADDRESS'): PrincipalLimits => {
    const perSecond = settings[`RATE_PER_${who}`];
    return {
      rate: { perSecond, burst: perSecond * BURST_SECONDS },
      atOnce: settings[`COST_LIMIT_PER_${who}`],
      streams: settings[`STREAMS_PER_${who}`],
    };
  };
  return {
    perAgency: of('AGENCY'),
    perOfficer: of('OFFICER'),
    perAddress: of('ADDRESS'),
    perProcess: settings.COST_LIMIT,
  };
}

/** Those of a process that only passes calls on. */
export const connectionSettings = limitSettings.pick({
  CONNECTIONS: true,
  CONNECTIONS_PER_ADDRESS: true,
  TRUSTED_PROXIES: true,
});
export type ConnectionSettings = z.output<typeof connectionSettings>;

export const connectionLimits = (settings: ConnectionSettings): ConnectionLimits => ({
  perProcess: settings.CONNECTIONS,
  perAddress: settings.CONNECTIONS_PER_ADDRESS,
  trustedProxies: settings.TRUSTED_PROXIES,
});
