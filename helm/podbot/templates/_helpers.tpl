{{- /* Names and labels. */ -}}
{{- define "podbot.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "podbot.fullname" -}}
{{- $name := include "podbot.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "podbot.serviceAccountName" -}}
{{- default (include "podbot.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "podbot.selectorLabels" -}}
app.kubernetes.io/name: {{ include "podbot.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "podbot.labels" -}}
{{- with .Values.commonLabels }}{{ toYaml . }}
{{ end -}}
{{ include "podbot.selectorLabels" . }}
app.kubernetes.io/part-of: podbot
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* The metadata of an object: root, and optionally name (or its suffix), namespace, labels, annotations. */ -}}
{{- define "podbot.metadata" -}}
{{- $full := include "podbot.fullname" .root -}}
name: {{ .name | default (printf "%s%s" $full (.suffix | default "")) }}
{{- if not .everywhere }}
namespace: {{ .namespace | default .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "podbot.labels" .root | nindent 2 }}
  {{- with .labels }}{{ toYaml . | nindent 2 }}{{ end }}
{{- with merge dict (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "podbot.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- with .Values.image.digest -}}
{{ $.Values.image.repository }}:{{ $tag }}@{{ . }}
{{- else -}}
{{ .Values.image.repository }}:{{ $tag }}
{{- end -}}
{{- end -}}

{{- /* One variable from the Secret. */ -}}
{{- define "podbot.secret" -}}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: {{ .root.Values.slack.existingSecret | quote }}, key: {{ .key | quote }}}}
{{- end -}}
