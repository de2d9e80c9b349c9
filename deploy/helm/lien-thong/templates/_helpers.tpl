{{- define "image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* Of (list $ component). */}}
{{- define "selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: lien-thong
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "labels" -}}
{{- $root := index . 0 -}}
{{ include "selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end }}

{{- /* A service's values over those of every service, as YAML; nothing where it is switched off. Of (list $ name). */}}
{{- define "service" -}}
{{- $root := index . 0 -}}
{{- $service := mergeOverwrite (deepCopy $root.Values.service) (deepCopy (index $root.Values.services (index . 1))) -}}
{{- if $service.enabled }}{{ toYaml $service }}{{ end -}}
{{- end }}

{{- /* Names of the services that run, with spaces between. */}}
{{- define "running" -}}
{{- $names := list -}}
{{- range $name := keys .Values.services | sortAlpha }}
{{- if include "service" (list $ $name) }}{{ $names = append $names $name }}{{ end }}
{{- end }}
{{- if not $names }}{{ fail "every service is switched off: leave at least one of services on" }}{{ end }}
{{- join " " $names -}}
{{- end }}

{{- /* "true" for a service that owns data; the others serve its API in other forms, as callers of the gateway. Of a name. */}}
{{- define "owns" -}}
{{- if not (has . (list "rest-gateway" "console" "edxml-gateway")) }}true{{ end -}}
{{- end }}

{{- /* Of the services that run, those that own data. */}}
{{- define "owners" -}}
{{- $names := list -}}
{{- range $name := splitList " " (include "running" .) }}
{{- if include "owns" $name }}{{ $names = append $names $name }}{{ end }}
{{- end }}
{{- join " " $names -}}
{{- end }}

{{- /* And those that do not; nothing where none of them runs. */}}
{{- define "doors" -}}
{{- $names := list -}}
{{- range $name := splitList " " (include "running" .) }}
{{- if not (include "owns" $name) }}{{ $names = append $names $name }}{{ end }}
{{- end }}
{{- join " " $names -}}
{{- end }}

{{- /* The port at which the gateway reaches a service; nothing for one that it does not reach. Of a name. */}}
{{- define "port" -}}
{{- if eq . "rest-gateway" }}50080{{ else if eq . "console" }}50090{{ else if ne . "edxml-gateway" }}50051{{ end -}}
{{- end }}

{{- /* The name of a component in the cluster's DNS, which its certificate has. */}}
{{- define "host" -}}
{{- $root := index . 0 -}}
{{ $root.Release.Name }}-{{ index . 1 }}.{{ $root.Release.Namespace }}.svc.{{ $root.Values.clusterDomain }}
{{- end }}

{{- /* What every pod has. */}}
{{- define "pod" -}}
automountServiceAccountToken: false
# Otherwise each Service of the namespace adds variables such as NATS_PORT.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- /* Pods of a component on different nodes and in different zones, as far as there are some. */}}
{{- define "spread" -}}
topologySpreadConstraints:
  {{- $component := . }}
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "selector" $component | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
