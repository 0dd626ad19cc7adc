{{/* The operator's environment; trimtab.handlers.settings says what each variable does. */}}
{{- define "trimtab.environment" -}}
- name: TRIMTAB_IDENTITY
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: TRIMTAB_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
{{- $values := .Values }}
{{- $plain := dict
  "TRIMTAB_HEALTH_HOST" "0.0.0.0"
  "TRIMTAB_HEALTH_PORT" "8080"
  "TRIMTAB_STATE" "/var/lib/trimtab"
  "TRIMTAB_LOG_LEVEL" $values.logLevel
  "TRIMTAB_POLL" ($values.pollSeconds | toString)
  "TRIMTAB_LEASE_SECONDS" ($values.leaseSeconds | toString)
  "TRIMTAB_PIPELINES" $values.pipelines.engine
  "TRIMTAB_SERVING" $values.serving.engine
  "MLFLOW_TRACKING_URI" $values.mlflow.uri
  "TRIMTAB_PULL_POLICY" $values.imagePullPolicy
  "TRIMTAB_PULL_SECRET" $values.imagePullSecret
  "TRIMTAB_STORE" $values.storage.uri
  "TRIMTAB_STORAGE_SECRET" $values.storage.secret
  "TRIMTAB_TRACKING_SECRET" $values.mlflow.secret
  "TRIMTAB_POOLS" "/etc/trimtab/pools.yaml"
  "TRIMTAB_TRAINER_IMAGE" (include "trimtab.image" (dict "image" $values.pipelines.image "chart" .Chart))
}}
{{- if eq $values.pipelines.engine "kfp" }}
  {{- $_ := set $plain "TRIMTAB_KFP_URL" $values.pipelines.kfp.url }}
  {{- $_ := set $plain "TRIMTAB_KFP_SERVICE_ACCOUNT" $values.pipelines.kfp.serviceAccount }}
{{- end }}
{{- if eq $values.serving.engine "kuberay" }}
  {{- $_ := set $plain "TRIMTAB_ROUTES" (ternary "true" "" $values.serving.routes) }}
  {{- $_ := set $plain "TRIMTAB_SERVING_IMAGE" (include "trimtab.image" (dict "image" $values.serving.image "chart" .Chart)) }}
{{- else }}
  {{- $_ := set $plain "TRIMTAB_RAY_DASHBOARD" $values.serving.ray.dashboard }}
  {{- $_ := set $plain "TRIMTAB_SERVE_URL" $values.serving.ray.url }}
  {{- $_ := set $plain "TRIMTAB_SERVE_PORT" ($values.serving.ray.port | toString) }}
  {{- with $values.serving.ray.tokenSecret }}
- name: RAY_AUTH_TOKEN
  valueFrom: {secretKeyRef: {name: {{ . }}, key: auth_token}}
  {{- end }}
{{- end }}
{{- range $name, $value := merge (deepCopy $values.env) $plain }}
{{- if $value }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}
