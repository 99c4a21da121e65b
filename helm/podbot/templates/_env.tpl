{{- /* podbot's settings: docs/settings.md. */ -}}
{{- define "podbot.env" -}}
{{ include "podbot.secret" (dict "root" . "name" "SLACK_BOT_TOKEN" "key" .Values.slack.keys.botToken) }}
{{- if eq .Values.slack.mode "http" }}
{{ include "podbot.secret" (dict "root" . "name" "SLACK_SIGNING_SECRET" "key" .Values.slack.keys.signingSecret) }}
- {name: PODBOT_LISTEN_PORT, value: {{ .Values.http.port | quote }}}
{{- else }}
{{ include "podbot.secret" (dict "root" . "name" "SLACK_APP_TOKEN" "key" .Values.slack.keys.appToken) }}
{{- end }}
{{ include "podbot.secret" (dict "root" . "name" "SIGNING_KEYS" "key" .Values.slack.keys.signingKeys) }}
{{- with .Values.slack.apiUrl }}
- {name: SLACK_API_URL, value: {{ . | quote }}}
{{- end }}
- {name: PODBOT_COMMAND, value: {{ .Values.slack.command | quote }}}
- {name: PODBOT_CLUSTER, value: {{ .Values.cluster.name | quote }}}
- {name: PODBOT_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
- {name: PODBOT_POLICY, value: /etc/podbot/policy/policy.yaml}
{{- if eq .Values.rbac.mode "tokens" }}
- {name: PODBOT_IDENTITY, value: tokens}
{{- end }}
{{- if .Values.templates }}
- {name: PODBOT_TEMPLATES, value: /etc/podbot/templates}
{{- end }}
- {name: PODBOT_HEALTH_ADDRESS, value: {{ printf ":%v" .Values.health.port | quote }}}
{{- with .Values.settings }}
- {name: PODBOT_COMMANDS_AT_ONCE, value: {{ .commandsAtOnce | quote }}}
- {name: PODBOT_COMMANDS_WAITING, value: {{ .commandsWaiting | quote }}}
- {name: PODBOT_READ_DEADLINE, value: {{ .readDeadline | quote }}}
- {name: PODBOT_CHANGE_DEADLINE, value: {{ .changeDeadline | quote }}}
- {name: PODBOT_DRAIN, value: {{ .drain | quote }}}
- {name: PODBOT_LOG_LEVEL, value: {{ .logLevel }}}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
