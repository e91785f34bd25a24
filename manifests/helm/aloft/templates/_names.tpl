{{- /* Cluster-wide names derive from the release, so that two releases do not meet; the word aloft comes first, so that
the webhook configuration does too. */ -}}
{{- define "aloft.name" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if eq .Release.Name "aloft" -}}
aloft
{{- else -}}
{{- printf "aloft-%s" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "aloft.webhookConfiguration" -}}
{{- $name := .Values.webhook.configurationName | default (include "aloft.name" .) -}}
{{- if not (lt $name "istio") -}}
{{- $why := "sorts after istio-sidecar-injector, which would run first and inject what aloft keeps out of the mesh" -}}
{{- fail (printf "webhook.configurationName: %q %s; choose a name before \"istio\"" $name $why) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "aloft.selector" -}}
app.kubernetes.io/name: aloft
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "aloft.labels" -}}
{{ include "aloft.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "aloft.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{- define "aloft.certManager" -}}
{{- if eq .Values.certificates.source "cert-manager" }}yes{{ end -}}
{{- end -}}

{{- /* The entry for each kind, the same for both webhook configurations but for the phase. */ -}}
{{- define "aloft.webhook" -}}
{{- $root := .root -}}
- name: {{ .name }}
  admissionReviewVersions: [v1, v1beta1]
  clientConfig:
    # No caBundle: aloft, or cert-manager, publishes it.
    service:
      name: {{ include "aloft.name" $root }}
      namespace: {{ $root.Release.Namespace }}
      path: {{ .path }}
      port: 443
  rules:
    - apiGroups: [""]
      apiVersions: [v1]
      resources: [{{ .resource }}]
      operations: [{{ join ", " .operations }}]
      scope: Namespaced
  # By namespace only: by a label on objects, whoever creates an object could leave without a trace.
  namespaceSelector:
    matchExpressions:
      - key: kubernetes.io/metadata.name
        operator: NotIn
        values:
          - {{ $root.Release.Namespace }}
          - kube-system
          - kube-node-lease
          {{- range $root.Values.webhook.excludedNamespaces }}
          - {{ . }}
          {{- end }}
  failurePolicy: {{ .failurePolicy }}
  timeoutSeconds: {{ $root.Values.webhook.timeoutSeconds }}
  matchPolicy: Equivalent
  sideEffects: None
{{- end -}}
