{{- define "kluis.labels" -}}
app.kubernetes.io/part-of: kluis
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- /* An image by tag or digest. Takes (dict "image" ... "chart" .Chart). */ -}}
{{- define "kluis.image" -}}
{{- $tag := default .chart.AppVersion .image.tag -}}
{{- if hasPrefix "sha256:" $tag -}}
{{ .image.repository }}@{{ $tag }}
{{- else -}}
{{ .image.repository }}:{{ $tag }}
{{- end -}}
{{- end }}

{{- /* What no container of Kluis may do. */ -}}
{{- define "kluis.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* Whether a domain of the vaults' hosts is the cluster's own; empty is no. */ -}}
{{- define "kluis.hosts" -}}
{{- range .Values.api.domains }}{{ if hasPrefix "vault.svc." . }}yes{{ end }}{{ end -}}
{{- end }}
