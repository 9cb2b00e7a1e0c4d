{{- define "wharfinger.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "wharfinger.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "wharfinger.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "wharfinger.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* The pods of this release. Not managed-by: that label means "made by the operator" on its children. */ -}}
{{- define "wharfinger.selectorLabels" -}}
app.kubernetes.io/name: {{ include "wharfinger.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "wharfinger.labels" -}}
{{ include "wharfinger.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "wharfinger.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "wharfinger.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name must name an existing account when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "wharfinger.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- /* As JSON {"namespaces": [...]}, so that callers can loop over it. */ -}}
{{- define "wharfinger.watchNamespaces" -}}
{{- $namespaces := default (list .Release.Namespace) .Values.watchNamespaces | uniq | sortAlpha -}}
{{- dict "namespaces" $namespaces | toJson -}}
{{- end -}}

{{- /* The catalogue without the versions that were set to null. */ -}}
{{- define "wharfinger.postgresImages" -}}
{{- $images := dict -}}
{{- range $version, $entry := .Values.postgresql.images -}}
{{- if $entry -}}
{{- $_ := set $images $version (dict "image" $entry.image "uid" (int64 $entry.uid) "gid" (int64 $entry.gid)) -}}
{{- end -}}
{{- end -}}
{{- toJson $images -}}
{{- end -}}
