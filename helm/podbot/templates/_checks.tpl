{{- /* What the schema cannot say. podbot checks the policy again when it starts. */ -}}
{{- define "podbot.checks" -}}
{{- $policy := .Values.policy -}}
{{- range $index, $grant := $policy.grants -}}
  {{- if not (hasKey $policy.tiers $grant.tier) -}}
    {{- fail (printf "policy.grants[%d].tier: there is no tier %q; add it to policy.tiers" $index $grant.tier) -}}
  {{- end -}}
{{- end -}}
{{- range $channel, $namespace := $policy.default_namespace -}}
  {{- $reached := false -}}
  {{- range $policy.grants }}{{ if and (has $channel .channels) (has $namespace .namespaces) }}{{ $reached = true }}{{ end }}{{ end -}}
  {{- if not $reached -}}
    {{- fail (printf "policy.default_namespace.%s: no grant reaches %q from this channel; add one" $channel $namespace) -}}
  {{- end -}}
{{- end -}}
{{- if and (eq .Values.rbac.mode "legacy") $policy.people -}}
  {{- fail "policy.people: needs rbac.mode=constrained; with legacy impersonation people would lend podbot all their rights" -}}
{{- end -}}
{{- if and (eq .Values.rbac.mode "tokens") $policy.people -}}
  {{- fail "policy.people: people need impersonation; take them out, or set rbac.mode=constrained" -}}
{{- end -}}
{{- range $name, $tier := $policy.tiers -}}
  {{- range $tier.groups -}}
    {{- if hasPrefix "system:" . -}}
      {{- fail (printf "policy.tiers.%s.groups: %q is Kubernetes' own; podbot never acts as one, so use another" $name .) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- range $id, $person := $policy.people -}}
  {{- range prepend ($person.groups | default list) $person.user -}}
    {{- if or (hasPrefix "system:" .) (hasPrefix "podbot:" .) -}}
      {{- fail (printf "policy.people.%s: %q is not a person's; write who the person is in Kubernetes" $id .) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if and .Values.ingress.enabled (ne .Values.slack.mode "http") -}}
  {{- fail "ingress.enabled: nothing listens behind it; set slack.mode=http, or do without the Ingress" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
  {{- fail "ingress.host: name the host that Slack's requests come to" -}}
{{- end -}}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
  {{- fail "serviceAccount.name: name the ServiceAccount that there is, or let the chart make one" -}}
{{- end -}}
{{- end -}}
