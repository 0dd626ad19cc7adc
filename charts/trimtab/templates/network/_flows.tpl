{{/* Allowed flows out, from lists of (dict "to" … "ports" …); without "to", anywhere on these ports. */}}
{{- define "trimtab.flow" -}}
- ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Asking for names. */}}
{{- define "trimtab.dns" -}}
- ports:
    {{- range .Values.networkPolicies.dns.ports }}
    - {protocol: UDP, port: {{ . }}}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
  {{- with .Values.networkPolicies.dns.to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* The pods that an engine makes, by what they do: "serving" or "training". */}}
{{- define "trimtab.pods" -}}
app.kubernetes.io/managed-by: trimtab
app.kubernetes.io/component: {{ . }}
{{- end }}
