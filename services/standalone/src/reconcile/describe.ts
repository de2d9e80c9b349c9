import type { SourcePlan } from '@lienthong/eventlog';

/** What an operator must know before a source is reconciled: what is lost, and what happens. */
export function describePlan(plan: SourcePlan): string {
  const { source, head, streamEnd, kept, lost, moved, toPublish, ahead } = plan;
  const lines = [`${source}: the log ends at ${head}, the stream at ${streamEnd}`];
  if (lost.length > 0) {
    const last = kept + lost.length;
    lines.push(
      `  LOST: ${count(lost.length, 'event')}, ${kept + 1} to ${last}: the database was restored from an older backup`,
      ...describeLost(plan),
      `  - each of these positions gets the event EventWithdrawn, which the audit keeps with what was lost`,
    );
  }
  for (const { service, consumer, position } of ahead)
    lines.push(
      `  - ${service} (${consumer}) is ahead, at ${position}: what lost events did there stays until somebody corrects it; it gets the withdrawals and everything later`,
    );
  if (moved > 0) lines.push(`  - ${count(moved, 'event')} from after the restore move behind them`);
  if (toPublish > 0)
    lines.push(
      `  - ${count(toPublish, 'event')} will be published; consumers go on from where they are, and apply each once`,
    );
  return lines.join('\n');
}

function describeLost({ lost }: SourcePlan): string[] {
  const found = lost.flatMap((one) => one.found ?? []);
  const lines = [...Map.groupBy(found, ({ type }) => type)].map(
    ([type, events]) => `    ${events.length} × ${type}`,
  );
  const times = found.map(({ envelope }) => envelope.occurredAt.getTime());
  if (found.length > 0)
    lines.unshift(`    they happened from ${iso(Math.min(...times))} to ${iso(Math.max(...times))}`);
  if (found.length < lost.length)
    lines.push(`    ${lost.length - found.length} that the stream does not have either`);
  return lines;
}

/** What would be lost if the platform went on from a restored database. */
export function describeLoss(plans: readonly SourcePlan[], auditEntries: number): string {
  const losing = plans.filter(({ lost }) => lost.length > 0);
  if (losing.length === 0 && auditEntries === 0) return 'Nothing would be lost.';
  return [
    'WOULD BE LOST:',
    ...losing.flatMap((plan) => [
      `  ${count(plan.lost.length, 'event')} of ${plan.source}`,
      ...describeLost(plan),
    ]),
    ...(auditEntries > 0
      ? [`  ${count(auditEntries, 'signed leaf', 'signed leaves')} of the audit's log`]
      : []),
  ].join('\n');
}

const iso = (time: number): string => new Date(time).toISOString();
const count = (n: number, one: string, more = `${one}s`): string => `${n} ${n === 1 ? one : more}`;
