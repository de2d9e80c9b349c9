import { globSync } from 'node:fs';
import { parse } from 'yaml';
import { read, root } from './compose-file.ts';

export interface Expression {
  /** The alert, or the dashboard and its panel. */
  where: string;
  expr: string;
}

export interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

export const alerts: Alert[] = parse(read('deploy/telemetry/alerts.yaml')).groups.flatMap(
  ({ rules }: { rules: Alert[] }) => rules,
);

export interface Panel {
  title: string;
  type: string;
  targets?: { expr: string }[];
}

export const dashboards: readonly { file: string; uid: string; title: string; panels: Panel[] }[] = globSync(
  'deploy/telemetry/dashboards/*.json',
  { cwd: root },
).map((file) => ({ file, ...JSON.parse(read(file)) }));

/** Every query of the alerts and dashboards. */
export const expressions: readonly Expression[] = [
  ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboards.flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }) => ({ where: `${title}: ${panel.title}`, expr })),
    ),
  ),
];

const NAME = /\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g;

/** Names of metrics in PromQL: those with an underscore that are neither labels nor functions. */
export const metricsIn = (expr: string): string[] =>
  expr
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(by|on|without|ignoring) \([^)]*\)/g, '')
    .replace(/\b\w+\s*\(/g, '(')
    .match(NAME) ?? [];

/** Names of labels in PromQL: what it selects and groups by. */
export const labelsIn = (expr: string): string[] => [
  ...[...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  ),
  ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inside = '']) => inside.match(/\w+/g) ?? []),
];
