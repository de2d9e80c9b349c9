import { renameSync, writeFileSync } from 'node:fs';

export interface DrillResult {
  testedAt: Date;
  /** From the newest event of the backup to the newest one that was published. */
  lostSeconds: number;
}

/** Replaces a file of Prometheus' text format at once; the containers' `watch` reads it, or a node_exporter. */
export function writeResult(file: string, { testedAt, lostSeconds }: DrillResult): void {
  const gauges = {
    lienthong_backup_drill_success_timestamp_seconds: testedAt.getTime() / 1000,
    lienthong_backup_drill_lost_seconds: lostSeconds,
  };
  const lines = Object.entries(gauges).map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`);
  writeFileSync(`${file}.new`, lines.join(''));
  renameSync(`${file}.new`, file);
}
