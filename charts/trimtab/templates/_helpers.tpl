{{/* Name of what the release makes: the release's own where that says trimtab already. */}}
{{- define "trimtab.name" -}}
{{- if contains "trimtab" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-trimtab{{ end -}}
{{- end }}

{{/* The operator's service account. */}}
{{- define "trimtab.account" -}}
{{- .Values.serviceAccount.name | default (ternary (include "trimtab.name" .) "default" .Values.serviceAccount.create) -}}
{{- end }}

{{/* Labels by which the operator's pods are selected: they never change. */}}
{{- define "trimtab.selector" -}}
app.kubernetes.io/name: trimtab
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{/* Labels of everything but pods. */}}
{{- define "trimtab.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: trimtab
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* An image from (dict "image" … "chart" .Chart). */}}
{{- define "trimtab.image" -}}
{{- $tag := .image.tag | default .chart.AppVersion -}}
{{ .image.repository }}{{ if .image.digest }}@{{ .image.digest }}{{ else }}:{{ $tag }}{{ end }}
{{- end }}

{{/* Namespaces in which pods train and serve, as JSON. */}}
{{- define "trimtab.workplaces" -}}
{{- .Values.networkPolicies.namespaces | default .Values.watch.namespaces | default (list .Release.Namespace) | toJson -}}
{{- end }}

{{/* The rules that the chosen engines need, as YAML; the table is generated. */}}
{{- define "trimtab.rules" -}}
{{- $rights := .Files.Get "files/rights.yaml" | fromYaml -}}
{{- $pipelines := index $rights.pipelines .Values.pipelines.engine -}}
{{- $serving := index $rights.serving .Values.serving.engine -}}
{{- $routes := ternary $rights.routes list .Values.serving.routes -}}
{{- concat $rights.core $pipelines $serving $routes | uniq | toYaml -}}
{{- end }}

{{/* What the restricted Pod Security Standard asks of a container, and a read-only root. */}}
{{- define "trimtab.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}
