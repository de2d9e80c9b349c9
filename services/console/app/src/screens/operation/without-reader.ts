import type { Status } from './every-service.ts';

/** The logs whose events no consumer of a service reads, though every service has replied. */
export function withoutReader({ services, logs, consumers }: Status): string[] {
  if (services.some(({ state }) => state !== 'running')) return [];
  const read = new Set(consumers.map(({ source }) => source));
  return logs.map(({ source }) => source).filter((source) => !read.has(source));
}
