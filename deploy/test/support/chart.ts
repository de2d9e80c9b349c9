import { parseAllDocuments } from 'yaml';
import { read } from './compose-file.ts';

export type Labels = Readonly<Record<string, string>>;
export interface Peer {
  ipBlock?: { cidr: string };
  namespaceSelector?: { matchLabels: Labels };
  podSelector?: { matchLabels: Labels };
}
export interface Rule {
  from?: readonly Peer[];
  to?: readonly Peer[];
  ports: readonly { protocol: string; port: number }[];
}
export interface Volume {
  name: string;
  secret?: { secretName: string; items?: readonly { key: string }[] };
  projected?: {
    sources: readonly { secret: { name: string; optional?: true; items: readonly { key: string }[] } }[];
  };
  configMap?: { name: string };
}
export interface PodContainer {
  name: string;
  image: string;
  args?: readonly string[];
  env?: readonly { name: string; value: string }[];
  ports?: readonly { name: string; containerPort: number }[];
  volumeMounts: readonly { name: string; mountPath: string; subPath?: string }[];
  securityContext: object;
  [probe: `${string}Probe`]: { httpGet?: { path: string; port: string; scheme?: string } };
}
export interface PodSpec {
  automountServiceAccountToken: boolean;
  securityContext: { runAsNonRoot: boolean; runAsUser: number };
  containers: readonly PodContainer[];
  volumes: readonly Volume[];
}
/** An object of Kubernetes, as far as the tests read it. */
export interface Manifest {
  kind: string;
  metadata: { name: string; labels: Labels; annotations?: Labels };
  data?: Labels;
  spec: PodSpec & {
    replicas?: number;
    selector: Labels & { matchLabels: Labels };
    template?: { metadata: { labels: Labels }; spec: PodSpec };
    ports?: readonly { name: string; port: number; targetPort: string }[];
    podSelector?: { matchLabels: Labels };
    policyTypes?: readonly string[];
    ingress?: readonly Rule[];
    egress?: readonly Rule[];
    groups?: readonly { rules: readonly { alert: string; expr: string }[] }[];
  };
}

/** The cases of deploy/helm/golden. */
export const CASES = ['smallest', 'everything', 'fewer-services'] as const;

export const manifestsOf = (objects: string): Manifest[] =>
  parseAllDocuments(objects).map((document) => document.toJS() as Manifest);

/** What the chart gives for the values of a case: test/chart.test.ts compares the file with what it really gives. */
export const goldenOf = (name: (typeof CASES)[number]): Manifest[] =>
  manifestsOf(read(`deploy/helm/golden/${name}.yaml`));

/** The pods that objects make, by component. */
export function podsOf(
  manifests: readonly Manifest[],
): { labels: Labels; spec: PodSpec; manifest: Manifest }[] {
  return manifests.flatMap((manifest) => {
    const { kind, metadata, spec } = manifest;
    if (kind === 'Pod') return [{ labels: metadata.labels, spec, manifest }];
    if (spec?.template === undefined) return [];
    return [{ labels: spec.template.metadata.labels, spec: spec.template.spec, manifest }];
  });
}

export const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([label, value]) => labels[label] === value);
