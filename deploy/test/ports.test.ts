import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  goldenOf,
  type Labels,
  type Manifest,
  matches,
  type Peer,
  podsOf,
  type Rule,
} from './support/chart.ts';
import { composeFile, doorNames, read } from './support/compose-file.ts';

const page = read('docs/ports.md');
const services = read('deploy/gateway/services.lst').trim().split('\n');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );

/** Lines "pods way other side port" of the tables, one for each pair of pods. */
const documented = rows
  .filter(([, way]) => way === 'in' || way === 'out')
  .flatMap(([pods = '', way, others = '', port]) =>
    expand(pods).flatMap((pod) => expand(others).map((other) => `${pod} ${way} ${other} ${port}`)),
  );

/** The names in a cell. */
function expand(cell: string): string[] {
  return cell
    .split(', ')
    .flatMap((name) => (name === 'services' ? services : name === 'doors' ? doorNames : [name]));
}

/** The other sides of the values of deploy/helm/golden/everything.values.yaml, as the tables name them. */
const SIDES: Readonly<Record<string, { in?: string; out?: string }>> = {
  '10.0.0.0/8': { in: 'clients' },
  '10.0.5.10/32': { out: 'postgresql' },
  '0.0.0.0/0': { out: 'outside' },
  monitoring: { in: 'monitoring', out: 'collector' },
  ingress: { in: 'http' },
  'kube-system': { out: 'dns' },
};

function sideOf(peer: Peer, way: 'in' | 'out'): string {
  const labels = peer.podSelector?.matchLabels ?? {};
  const place = peer.ipBlock?.cidr ?? peer.namespaceSelector?.matchLabels['kubernetes.io/metadata.name'];
  const named = place === undefined ? undefined : SIDES[place]?.[way];
  const found = named ?? labels['app.kubernetes.io/component'] ?? labels['app.kubernetes.io/name'];
  if (found === undefined) throw new Error(`no name for ${JSON.stringify(peer)}`);
  return found;
}

/** What policies open, for each of the pods that they mean. */
function opened(policies: readonly Manifest[], pods: readonly { labels: Labels; name: string }[]): string[] {
  const lines = policies.flatMap(({ spec }) => {
    const means = pods.filter(({ labels }) => matches(spec.podSelector?.matchLabels ?? {}, labels));
    const of = (way: 'in' | 'out', rules: readonly Rule[] = []) =>
      rules.flatMap((rule) =>
        ((way === 'in' ? rule.from : rule.to) ?? []).flatMap((peer) =>
          rule.ports.map(
            ({ port, protocol }) => `${way} ${sideOf(peer, way)} ${port}${protocol === 'UDP' ? '/UDP' : ''}`,
          ),
        ),
      );
    return [...of('in', spec.ingress), ...of('out', spec.egress)].flatMap((line) =>
      means.map(({ name }) => `${name} ${line}`),
    );
  });
  return [...new Set(lines)].sort();
}

const everything = goldenOf('everything');
const policies = everything.filter(({ kind }) => kind === 'NetworkPolicy');
const pods = podsOf(everything).map(({ labels }) => ({
  labels,
  name: labels['app.kubernetes.io/component'] as string,
}));

test('the table of the cluster has every line that the chart opens, and no other', () => {
  const ofRelease = documented.filter((line) => !line.startsWith('nats '));
  expect(ofRelease.length).toBeGreaterThan(50);
  expect([...ofRelease].sort()).toEqual(opened(policies, pods));
});

test('the table of NATS has every line that its policy opens, and no other', () => {
  const { extraResources } = parse(read('deploy/helm/nats-values.yaml'));
  const lines = opened(extraResources, [{ labels: { 'app.kubernetes.io/name': 'nats' }, name: 'nats' }]);
  const named = lines.map((line) =>
    line.replace('in lien-thong', 'in release').replace('in clients', 'in communes'),
  );
  expect(documented.filter((line) => line.startsWith('nats ')).sort()).toEqual(named.sort());
});

test('every pod of the release is closed but for what is opened', () => {
  const closing = policies.filter(({ spec }) => spec.policyTypes?.length === 2 && !spec.ingress);
  expect(closing).toHaveLength(1);
  for (const { labels, name } of pods)
    expect(matches(closing[0]?.spec.podSelector?.matchLabels ?? {}, labels), name).toBe(true);
  // A rule without peers or ports would open everything.
  for (const { spec, metadata } of policies)
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      expect((rule.from ?? rule.to ?? []).length, metadata.name).toBeGreaterThan(0);
      expect(rule.ports.length, metadata.name).toBeGreaterThan(0);
    }
});

test('the table of the one machine has every port that is published', () => {
  const { services: containers } = composeFile('deploy/compose/compose.yaml');
  const published = Object.entries(containers).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => `${name} ${port.split(':').at(-1)}`),
  );
  const listed = rows.filter(([, port]) => /^\d+$/.test(port ?? '')).map(([name, port]) => `${name} ${port}`);
  expect(listed.sort()).toEqual(published.sort());
});
