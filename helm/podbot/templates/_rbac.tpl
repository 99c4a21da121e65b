{{- /* What `podbot rbac` does, from the same declarations: files/rights.yaml. A test holds both equal. */ -}}

{{- /* The fewest rules for rights: those of a group that have the same verbs share one. rights: a list; prefix: of verbs. */ -}}
{{- define "podbot.rules" -}}
{{- $verbs := dict -}}
{{- range .rights -}}
  {{- $key := printf "%s %s" .group .resource -}}
  {{- $_ := set $verbs $key (append (get $verbs $key | default list) (printf "%s%s" $.prefix .verb) | uniq | sortAlpha) -}}
{{- end -}}
{{- $rules := dict -}}
{{- $order := list -}}
{{- range $key := keys $verbs | sortAlpha -}}
  {{- $parts := splitList " " $key -}}
  {{- $rule := printf "%s %s" (first $parts) (join "," (get $verbs $key)) -}}
  {{- $order = append $order $rule | uniq -}}
  {{- $_ := set $rules $rule (append (get $rules $rule | default list) (last $parts)) -}}
{{- end -}}
{{- range $order -}}
  {{- $parts := splitList " " . }}
- apiGroups: [{{ first $parts | quote }}]
  resources: {{ get $rules . | toJson }}
  verbs: {{ last $parts | splitList "," | toJson }}
{{- end -}}
{{- end -}}

{{- /* The rights that some tiers have, as JSON: root, tiers (a list of names), scopes (a list). */ -}}
{{- define "podbot.rights" -}}
{{- $may := list -}}
{{- range .tiers }}{{ $may = concat $may (get $.root.Values.policy.tiers .).may }}{{ end -}}
{{- $found := list -}}
{{- range (.root.Files.Get "files/rights.yaml" | fromYaml).commands -}}
  {{- if and (has .effect $may) (has .scope $.scopes) (or (not .policy) (get $.root.Values.policy .policy)) -}}
    {{- $found = append $found . -}}
  {{- end -}}
{{- end -}}
{{- dict "rights" $found | toJson -}}
{{- end -}}

{{- /* This cluster's grants, as YAML: which tiers there are in each namespace. With rbac.clusterWide all are in "". */ -}}
{{- define "podbot.places" -}}
{{- $places := dict -}}
{{- range .Values.policy.grants -}}
  {{- if eq .cluster $.Values.cluster.name -}}
    {{- $tier := .tier -}}
    {{- range ternary (list "") .namespaces $.Values.rbac.clusterWide -}}
      {{- $_ := set $places . (append (get $places . | default list) $tier | uniq | sortAlpha) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- toYaml $places -}}
{{- end -}}

{{- /* A role and its binding, or nothing without rules: root, suffix, rules (text), subject, namespace ("" for the cluster's). */ -}}
{{- define "podbot.granted" -}}
{{- with .rules | trim }}
{{- $kind := ternary "Role" "ClusterRole" (ne $.namespace "") }}
{{- $name := printf "%s:%s" (include "podbot.fullname" $.root) $.suffix }}
{{- $metadata := dict "root" $.root "name" $name "namespace" $.namespace "everywhere" (eq $.namespace "") }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  {{- include "podbot.metadata" $metadata | nindent 2 }}
rules:
  {{- . | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  {{- include "podbot.metadata" $metadata | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{ $kind }}, name: {{ $name | quote }}}
subjects:
  - {{ $.subject | toJson }}
{{- end }}
{{- end -}}

{{- /* The tiers' ServiceAccounts, whose tokens the bot may ask for; a list as JSON. */ -}}
{{- define "podbot.accounts" -}}
{{- $accounts := list -}}
{{- range $name, $_ := .Values.policy.tiers }}{{ $accounts = append $accounts (printf "podbot-tier-%s" $name) }}{{ end -}}
{{- $accounts | sortAlpha | toJson -}}
{{- end -}}

{{- /* Whom the bot may become, by name; never a rule without names. */ -}}
{{- define "podbot.become" -}}
{{- $legacy := eq .Values.rbac.mode "legacy" -}}
{{- $group := ternary "" "authentication.k8s.io" $legacy -}}
{{- $verb := ternary "impersonate" "impersonate:user-info" $legacy -}}
{{- $users := list -}}
{{- $groups := list -}}
{{- range $name, $tier := .Values.policy.tiers -}}
  {{- $users = append $users (printf "podbot:%s" $name) -}}
  {{- $groups = concat $groups ($tier.groups | default list) -}}
{{- end -}}
{{- range .Values.policy.people -}}
  {{- $users = append $users .user -}}
  {{- $groups = concat $groups (.groups | default list) -}}
{{- end -}}
{{- with $users | uniq | sortAlpha }}
- {apiGroups: [{{ $group | quote }}], resources: [users], resourceNames: {{ toJson . }}, verbs: [{{ $verb | quote }}]}
{{- end }}
{{- with $groups | uniq | sortAlpha }}
- {apiGroups: [{{ $group | quote }}], resources: [groups], resourceNames: {{ toJson . }}, verbs: [{{ $verb | quote }}]}
{{- end }}
- {apiGroups: [authentication.k8s.io], resources: {{ (.Files.Get "files/rights.yaml" | fromYaml).extras | toJson }}, verbs: [{{ $verb | quote }}]}
{{- end -}}
