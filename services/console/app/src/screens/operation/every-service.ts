import type { operations } from '@lienthong/contracts/json';

export interface ServiceState {
  service: string;
  /** `waiting`: it has not been heard yet; `away`: it did not reply. */
  state: 'running' | 'waiting' | 'away';
  /** What it says of itself; undefined unless it is running. */
  program: operations.ServiceStatus | undefined;
}

export interface Status {
  services: readonly ServiceState[];
  logs: readonly operations.LogStatus[];
  consumers: readonly operations.ConsumerStatus[];
}

/** What several processes say of their services, as one; a service that runs in two of them is one. */
export function everyService(
  names: readonly string[],
  replies: readonly operations.GetStatusResponse[],
  waiting: readonly string[],
): Status {
  const programs = oneOf(
    replies.flatMap(({ services }) => services),
    ({ service }) => service,
  );
  const known = new Map(programs.map((program) => [program.service, program]));
  return {
    services: names.map((service) => {
      const program = known.get(service);
      if (program !== undefined) return { service, state: 'running', program };
      return { service, state: waiting.includes(service) ? 'waiting' : 'away', program };
    }),
    logs: oneOf(
      replies.flatMap(({ logs }) => logs),
      ({ source }) => source,
    ),
    consumers: oneOf(
      replies.flatMap(({ consumers }) => consumers),
      ({ service, name, source }) => `${service} ${name} ${source}`,
    ),
  };
}

const oneOf = <T>(all: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [keyOf(one), one])).values(),
];

const DAY_MS = 86_400_000;

/** Whole days until a certificate expires; undefined for none. */
export const daysLeft = (expiresAt: string | undefined, now = Date.now()): number | undefined =>
  expiresAt === undefined ? undefined : Math.floor((Date.parse(expiresAt) - now) / DAY_MS);
