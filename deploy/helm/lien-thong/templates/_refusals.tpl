{{- /* Values that cannot work, in words. The schema has refused wrong types and names before. */}}
{{- define "refuseBadValues" -}}
{{- if not .Values.issuers }}
{{- fail "issuers is empty: say whose tokens are accepted, or no call is" }}
{{- end }}
{{- if not .Values.podAddresses }}
{{- fail "podAddresses is empty: give the cluster's blocks of pod addresses, such as 10.244.0.0/16; without them all calls without a token share the limits of one address" }}
{{- end }}
{{- if not .Values.gateway.host }}
{{- fail "gateway.host is empty: give the name by which agencies reach the gateway" }}
{{- end }}
{{- $ports := list .Values.gateway.service.port .Values.gateway.service.restPort .Values.gateway.service.consolePort }}
{{- if ne (len $ports) (len (uniq $ports)) }}
{{- fail "gateway.service has the same port twice: give port, restPort and consolePort different numbers" }}
{{- end }}
{{- range splitList "," .Values.nats.url }}
{{- if not (hasPrefix "tls://" (trim .)) }}
{{- fail (printf "nats.url has %s: it must begin with tls://, because the way to NATS leaves the node" .) }}
{{- end }}
{{- end }}
{{- if and .Values.networkPolicies.enabled (not .Values.networkPolicies.postgresql.peers) }}
{{- fail "networkPolicies.postgresql.peers is empty: say where PostgreSQL is, such as [{ ipBlock: { cidr: 10.0.5.10/32 } }]" }}
{{- end }}
{{- include "refuseBadSettings" (list "settings" .Values.settings) }}
{{- range $name := splitList " " (include "running" .) }}
{{- $service := include "service" (list $ $name) | fromYaml }}
{{- include "refuseBadSettings" (list (printf "services.%s.settings" $name) $service.settings) }}
{{- with $service.autoscaling }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "services.%s.autoscaling has minReplicas %d above maxReplicas %d" $name (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- end }}
{{- if and (eq $name "edxml-gateway") (not $.Values.edxml.existingClaim) }}
{{- fail "services.edxml-gateway is on, but edxml.existingClaim is empty: name the PersistentVolumeClaim with the folders of the document systems" }}
{{- end }}
{{- if and (eq $name "edxml-gateway") (or $service.autoscaling.enabled (gt (int $service.replicas) 1)) }}
{{- fail "services.edxml-gateway has more than one pod, and one gateway works in a folder: set its replicas to 1, without autoscaling" }}
{{- end }}
{{- if and (eq $name "audit") (eq $.Values.auditLog.accessMode "ReadWriteOnce") (or $service.autoscaling.enabled (gt (int $service.replicas) 1)) }}
{{- fail "services.audit has more than one pod, and its volume is mounted on one node only: set auditLog.accessMode to ReadWriteMany where the storage can do that, or services.audit.replicas to 1" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "refuseBadSettings" -}}
{{- $where := index . 0 }}
{{- range $name := keys (index . 1) | sortAlpha }}
{{- if regexMatch "(DATABASE_URL|SMTP_URL|SECRETS?|SECRET_KEY|ACCESS_KEY|_KEYS|AUTHORIZATION|SMS_HEADERS)$" $name }}
{{- fail (printf "%s has %s, which is a secret: put it into settings.env of the service's Secret" $where $name) }}
{{- end }}
{{- if regexMatch "(_LISTEN)$" $name }}
{{- fail (printf "%s has %s: give its port in the service's listeners, so that pods and network policies open it" $where $name) }}
{{- end }}
{{- if or (hasPrefix "TLS_" $name) (hasPrefix "NATS_" $name) (hasPrefix "PLATFORM_" $name) (has $name (list "SERVICE" "CONSOLE_URL" "EDXML_SYSTEMS" "LISTEN" "TOKEN_ISSUERS" "TRUSTED_PROXIES" "STREAM_REPLICAS" "OTEL_EXPORTER_OTLP_ENDPOINT" "AUDIT_SIGNING_KEY")) }}
{{- fail (printf "%s has %s, which the chart sets itself from other values" $where $name) }}
{{- end }}
{{- end }}
{{- end }}
