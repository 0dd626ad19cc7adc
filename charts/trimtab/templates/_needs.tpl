{{/* What the chosen engines cannot do without; said before anything is installed. */}}
{{- define "trimtab.needs" -}}
{{- $values := .Values -}}
{{- if not $values.mlflow.uri }}{{ fail "mlflow.uri is required: the address of the MLflow server, e.g. http://mlflow.mlflow.svc:5000" }}{{ end -}}
{{- if not $values.storage.uri }}{{ fail "storage.uri is required: the folder for snapshots and profiles, e.g. s3://models/trimtab" }}{{ end -}}
{{- if and (eq $values.pipelines.engine "kfp") (not $values.pipelines.kfp.url) }}
  {{- fail "pipelines.kfp.url is required with pipelines.engine kfp, e.g. http://ml-pipeline.kubeflow.svc:8888" }}
{{- end -}}
{{- if eq $values.serving.engine "ray" }}
  {{- if not (and $values.serving.ray.dashboard $values.serving.ray.url) }}
    {{- fail "serving.ray.dashboard and serving.ray.url are required with serving.engine ray" }}
  {{- end }}
{{- end -}}
{{- if not (or $values.serviceAccount.create $values.serviceAccount.name) }}
  {{- fail "serviceAccount.name is required with serviceAccount.create false" }}
{{- end -}}
{{- end }}
