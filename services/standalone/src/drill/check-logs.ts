import type { ServiceDatabase, SourcePlan } from '@lienthong/eventlog';

/** What is wrong with the restored logs, in words; empty when they are whole. */
export async function faultsOfLogs(
  services: readonly ServiceDatabase[],
  plans: readonly SourcePlan[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const { source, db } of services) {
    const [log] = await db.query<{ count: number; expected: number }>({
      text: `select count(*) as count, coalesce(h.position - min(e.position) + 1, 0) as expected
               from event_head h left join event e on true group by h.position`,
    });
    if (log === undefined) faults.push(`${source}: the log has no head`);
    else if (log.expected > 0 && log.count !== log.expected)
      faults.push(`${source}: the log has ${log.count} events where ${log.expected} must be`);
  }
  if (plans.every(({ head }) => head === 0))
    faults.push('all logs are empty: this is not a backup of the platform');
  return faults;
}

/** When the newest event of all logs happened. */
export async function newestEvent(services: readonly ServiceDatabase[]): Promise<Date | undefined> {
  const newest = await Promise.all(
    services.map(async ({ db }) => {
      const [row] = await db.query<{ at: Date | null }>({
        text: 'select occurred_at as at from event order by position desc limit 1',
      });
      return row?.at?.getTime() ?? 0;
    }),
  );
  const time = Math.max(...newest);
  return time > 0 ? new Date(time) : undefined;
}

/** From the newest restored event to the newest lost one; 0 when none is lost. */
export function secondsLost(plans: readonly SourcePlan[], restoredTo: Date): number {
  const lost = plans.flatMap((plan) =>
    plan.lost.flatMap(({ found }) => found?.envelope.occurredAt.getTime() ?? []),
  );
  return Math.max(0, ...lost.map((time) => (time - restoredTo.getTime()) / 1000));
}
